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
    try PartRegistry.register(GaussianPrior.self)
    let fixed = GaussianPrior(covariance: .fixed(variance: 1 / 3.0))
    var learned = GaussianPrior(covariance: .diagonal, mean: .common)
    try learned.configure(for: PriorSetting(expertCount: 2, names: ["a", "b", "c"], typicalVariance: 0.7))
    let decoded = try throughJSON([fixed, learned].map { CodedByName<any Part>(wrappedValue: $0) })
    #expect(decoded[0].wrappedValue as? GaussianPrior == fixed)
    #expect(decoded[1].wrappedValue as? GaussianPrior == learned)
  }

  @Test func namesAreThoseOfTheTypes() throws {
    #expect(GaussianPrior.partName == "GaussianPrior")
    let json = String(
      decoding: try JSONEncoder().encode(CodedByName<any Part>(wrappedValue: GaussianPrior())), as: UTF8.self)
    #expect(json.contains(#""part":"ConjugateFamilies.GaussianPrior""#))
  }

  @Test func ownNames() throws {
    try PartRegistry.register(Renamed.self)
    #expect(
      try throughJSON(CodedByName<any Part>(wrappedValue: Renamed(number: 7))).wrappedValue as? Renamed
        == Renamed(number: 7))
    let part = try decode(CodedByName<any Part>.self, #"{"part":"ConjugateFamiliesTests.Renamed","value":{"number":2}}"#)
      .wrappedValue
    #expect(part as? Renamed == Renamed(number: 2))
  }

  @Test func unknownNamesAreErrors() throws {
    let error = #expect(throws: DecodingError.self) {
      try throughJSON(CodedByName<any Part>(wrappedValue: NeverRegistered()))
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription.contains("NeverRegistered"))
    #expect(context.codingPath.last?.stringValue == "part")
  }

  @Test func partsOfAnotherKindAreErrors() throws {
    try PartRegistry.register(Renamed.self)
    let json = #"{"part":"ConjugateFamiliesTests.Renamed","value":{"number":2}}"#
    let error = #expect(throws: DecodingError.self) { try decode(CodedByName<any Prior<Gaussian>>.self, json) }
    #expect("\(String(describing: error))".contains("another name stands where there must be a prior"))
  }

  @Test(arguments: [
    #"{"value":{}}"#, #"{"part":"ConjugateFamilies.GaussianPrior"}"#,
    #"{"part":"ConjugateFamilies.GaussianPrior","value":3}"#,
  ])
  func incompletePartsAreErrors(json: String) throws {
    try PartRegistry.register(GaussianPrior.self)
    #expect(throws: DecodingError.self) { try decode(CodedByName<any Part>.self, json) }
  }
}
