extension BaseStep {
  /// All of them.
  static let all = [linear, poisson, binomial, multinomial, latentClasses, clouds, circles, curves]
}
