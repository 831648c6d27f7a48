extension BaseStep {
  /// All of them.
  static let all = [
    linear, student, poisson, binomial, bernoulli, multinomial, latentClasses, clouds, circles, curves,
  ]
}
