import Foundation
import Mixtures

// Listeners tune a tone to the stretched ratio or to the octave: two lines.
let table = try Table(csv: URL(fileURLWithPath: "Examples/Data/tonedata.csv"))
let model = try Mixture("tuned ~ stretchratio") {
  Block(2, LinearExpert(noise: .perExpert))
}
let fit = try await model.fit(table, seed: 1)
print(fit)

let octave = try fit.expert("2", as: LinearExpert.self)
print("slope", octave.coefficients.mean[1], "±", octave.coefficients.standardDeviations[1])

let new = try Table([("stretchratio", .numbers([1.5, 2.0, 2.5]))])
for distribution in try fit.predict(new) {
  print(distribution.mean, distribution.standardDeviation, try distribution.interval(0.95), distribution.density(at: 2))
}
try fit.write(to: URL(fileURLWithPath: "model.json"))
