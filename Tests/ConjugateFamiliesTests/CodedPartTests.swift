import ConjugateFamilies
import Foundation
import MixtureCore
import Testing

private struct NeverRegistered: Part, Equatable {
  var number = 1.5
}

private struct Renamed: Part, Equatable {
  static let partName = "AnotherName"
  var number = 0.1
}

@Suite struct CodedPartTests {
  @Test func roundTripFindsTheType() throws {
    PartRegistry.register(FixedGaussianPrior.self)
    PartRegistry.register(IsotropicGaussianPrior.self)
    let fixed = FixedGaussianPrior(variance: 1 / 3.0)
    var learned = IsotropicGaussianPrior()
    learned.configure(expertCount: 2, typicalVariance: 0.7)
    let decoded = try throughJSON([CodedPart(fixed), CodedPart(learned)])
    #expect(decoded[0].part as? FixedGaussianPrior == fixed)
    #expect(decoded[1].part as? IsotropicGaussianPrior == learned)
  }

  @Test func namesAreThoseOfTheTypes() throws {
    #expect(FixedGaussianPrior.partName == "FixedGaussianPrior")
    let json = String(decoding: try JSONEncoder().encode(CodedPart(FixedGaussianPrior(variance: 1))), as: UTF8.self)
    #expect(json.contains(#""part":"FixedGaussianPrior""#))
  }

  @Test func ownNames() throws {
    PartRegistry.register(Renamed.self)
    #expect(try throughJSON(CodedPart(Renamed(number: 7))).part as? Renamed == Renamed(number: 7))
    let part = try decode(CodedPart.self, #"{"part":"AnotherName","value":{"number":2}}"#).part
    #expect(part as? Renamed == Renamed(number: 2))
  }

  @Test func unknownNamesAreErrors() throws {
    let error = #expect(throws: DecodingError.self) { try throughJSON(CodedPart(NeverRegistered())) }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription.contains("NeverRegistered"))
    #expect(context.codingPath.last?.stringValue == "part")
  }

  @Test(arguments: [#"{"value":{}}"#, #"{"part":"FixedGaussianPrior"}"#, #"{"part":"FixedGaussianPrior","value":3}"#])
  func incompletePartsAreErrors(json: String) {
    PartRegistry.register(FixedGaussianPrior.self)
    #expect(throws: DecodingError.self) { try decode(CodedPart.self, json) }
  }
}
