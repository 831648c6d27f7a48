import Testing

/// The named laws of one kind of part: ``ModelLaw``, ``GateLaw``, ``PriorLaw``, ``FactorLaw``, ``PredictiveLaw``, ``GeneratorLaw``.
///
/// A parameterised test reports each law by its name, at the caller's line:
///
/// ```swift
/// @Test(arguments: ModelLaw.allCases)
/// func levelExpert(law: ModelLaw) throws { law.check(try subject()) }
/// ```
///
/// Laws that draw random numbers have fixed seeds, so an outcome never changes by chance. For a part that keeps a law, the
/// probability that the seed fails it is about 10⁻⁶.
public protocol Law: RawRepresentable<String>, CaseIterable, Hashable, Sendable, Codable, CustomTestStringConvertible {
  /// Whether a part may keep the law as an inequality.
  var hasInequality: Bool { get }
}

/// A part of some kind, with what the laws need to know of it and cannot guess.
public protocol LawSubject<SubjectLaw>: Sendable {
  /// The laws of the kind.
  associatedtype SubjectLaw: Law
  /// What the part is called in messages.
  var name: String { get }
  /// The laws that the part does not keep, or only as an inequality, with the reasons.
  var exceptions: [SubjectLaw: LawException] { get }
  /// How the part violates a law, whatever its exceptions say; empty if it does not.
  ///
  /// - Parameters:
  ///   - law: the law.
  ///   - isInequality: whether only the inequality is asked for.
  /// - Throws: what the part throws.
  func violations(of law: SubjectLaw, isInequality: Bool) throws -> [String]

  /// Why a law has nothing to say of the part's type, such as one about offsets of a type that refuses them; nil, as by default, if it has.
  func reasonNotToApply(_ law: SubjectLaw) -> String?
}

extension LawSubject {
  /// All laws apply.
  public func reasonNotToApply(_ law: SubjectLaw) -> String? { nil }
}

/// That a part does not keep a law, or only as an inequality, and why.
public enum LawException: Sendable, Equatable {
  /// The part keeps the law's one-sided version.
  case inequality(reason: String)
  /// The part does not keep the law.
  case absent(reason: String)
}

extension Law {
  /// The law in words.
  public var testDescription: String { rawValue }

  /// How `subject` violates the law; empty if it does not, or declares the law absent. An error that the part throws is a
  /// violation. Needs no running test.
  public func violations<Subject: LawSubject<Self>>(of subject: Subject) -> [String] {
    do {
      guard subject.reasonNotToApply(self) == nil else { return [] }
      switch subject.exceptions[self] {
      case nil: return try subject.violations(of: self, isInequality: false)
      case .absent: return []
      case .inequality where !hasInequality:
        return ["declared an inequality, but the law has no one-sided version: declare it absent, with the reason"]
      case .inequality: return try subject.violations(of: self, isInequality: true)
      }
    } catch {
      return ["threw \(error)"]
    }
  }

  /// Records each violation as an issue of the running test, at the caller's line; prints an exception that `subject`
  /// declares, with its reason, and why a law does not apply.
  public func check<Subject: LawSubject<Self>>(_ subject: Subject, sourceLocation: SourceLocation = #_sourceLocation) {
    if let reason = subject.reasonNotToApply(self) {
      print("\(subject.name): \"\(rawValue)\" does not apply: \(reason)")
    }
    switch subject.exceptions[self] {
    case nil: break
    case .absent(let reason): print("\(subject.name): \"\(rawValue)\" is absent: \(reason)")
    case .inequality(let reason): print("\(subject.name): \"\(rawValue)\" is an inequality: \(reason)")
    }
    for violation in violations(of: subject) {
      Issue.record("\(subject.name) violates \"\(rawValue)\": \(violation)", sourceLocation: sourceLocation)
    }
  }
}
