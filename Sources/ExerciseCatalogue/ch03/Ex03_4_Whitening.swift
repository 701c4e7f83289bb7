// Exercise 3.4: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex03_4 = Exercise<any Ex03_4.Type>(
    .ex03_4, section: "Do PCA and whitening help?", difficulty: .medium,
    hints: [
      "A coordinate along a direction is an inner product with it. From which point is it measured?",
      "z[n, k] = Σ_d components[k, d] · (samples[n, d] − mean[d]). Whitening divides z[n, k] by √(variances[k] + ε).",
      "Three loops, over n, k and d: `z += components[k, d] * (samples[n, d] - mean[d])`; `whiten` calls `project` and "
        + "divides each column by `(variances[k] + epsilon).squareRoot()`.",
    ],
    cases: [
      projected("[[2, 4]], mean: [1, 2], components: [[0.6, 0.8], [-0.8, 0.6]]", Tensor([1, 2], [2, 4]), small),
      whitened(
        "[[2, 4]], mean: [1, 2], components: [[0.6, 0.8], [-0.8, 0.6]], variances: [4, 0.25], epsilon: 0",
        Tensor([1, 2], [2, 4]), small, [4, 0.25], 0, "two directions, four to one"),
      whitened(
        "[[2, 4]], …, variances: [4, 0], epsilon: 0.01", Tensor([1, 2], [2, 4]), small, [4, 0], 0.01,
        "a direction without any variance", look: "ε is added to the variance, under the square root."),
      projected("5 samples of 4 numbers, 2 components", samples, leading, "fewer components than numbers"),
      whitened(
        "5 samples of 4 numbers, 2 components, epsilon: 0.1", samples, leading, leadingVariances, 0.1,
        "fewer components than numbers"),
    ],
    mutants: [
      Mutant(
        "forgets to subtract the mean",
        effect: "All coordinates keep a constant offset, the projected mean: the long valley is back, on other axes.",
        NotCentered.self),
      Mutant(
        "reads the components column by column",
        effect: "The axes are rotated the wrong way, and the coordinates stay correlated.", Columns.self),
      Mutant(
        "divides by the variance instead of its square root",
        effect: "Directions with little variance, mostly noise, become the largest of all.", ByVariance.self),
      Mutant(
        "adds ε outside the square root",
        effect: "With a variance near 0 the divisor is ε instead of √ε, and the noise comes out many times larger.",
        OutsideRoot.self),
      Mutant(
        "leaves out ε",
        effect: "If the training images never vary along a direction, the first test image that does becomes infinite.",
        NoEpsilon.self),
      Mutant(
        "multiplies by the standard deviation instead of dividing by it",
        effect: "Directions with a large variance get even larger: the elongation of the valley is squared.",
        Multiplies.self),
    ])
}

/// A mean and components, as fitted to a training set.
private struct Axes: Sendable {
  var mean: [Float]
  var components: Tensor
}

private let small = Axes(mean: [1, 2], components: Tensor([2, 2], [0.6, 0.8, -0.8, 0.6]))
private let fit = PrincipalComponents.fit(random([40, 4], seed: 36), components: 2)
private let leading = Axes(mean: fit.mean.elements, components: fit.components)
private let leadingVariances = fit.variances
private let samples = random([5, 4], seed: 37)

private func random(_ shape: Shape, seed: UInt64) -> Tensor {
  var generator = SeededGenerator(seed: seed)
  return Tensor(shape, (0..<shape.count).map { Float($0 % 4) + generator.nextUniform() * Float(1 + $0 % 4) })
}

/// z[n, k] = Σ_d u[k, d]·(x[n, d] − μ[d]), in double precision.
private func coordinates(_ samples: Tensor, _ mean: [Float], _ components: Tensor, byColumn: Bool = false) -> Tensor {
  let (count, width, kept) = (samples.shape[0], samples.shape[1], components.shape[0])
  var result: [Float] = []
  for n in 0..<count {
    for k in 0..<kept {
      var sum = 0.0
      for d in 0..<width {
        let u = components.elements[byColumn ? d * kept + k : k * width + d]
        sum += Double(u) * (Double(samples.elements[n * width + d]) - Double(mean[d]))
      }
      result.append(Float(sum))
    }
  }
  return Tensor([count, kept], result)
}

/// Multiplies every coordinate by the factor of its component.
private func scaled(_ z: Tensor, _ factor: (Int) -> Float) -> Tensor {
  Tensor(z.shape, z.elements.enumerated().map { $1 * factor($0 % z.shape[1]) })
}

private func projected(_ call: String, _ x: Tensor, _ axes: Axes, _ about: String = "") -> Case<any Ex03_4.Type> {
  Case("project(\(call))", about, gives: coordinates(x, axes.mean, axes.components)) {
    try $0.project(x, mean: axes.mean, components: axes.components)
  }
}

private func whitened(
  _ call: String, _ x: Tensor, _ axes: Axes, _ variances: [Float], _ epsilon: Float, _ about: String, look: String = ""
) -> Case<any Ex03_4.Type> {
  Case(
    "whiten(\(call))", about, look: look,
    gives: scaled(coordinates(x, axes.mean, axes.components)) { 1 / (variances[$0] + epsilon).squareRoot() }
  ) {
    try $0.whiten(x, mean: axes.mean, components: axes.components, variances: variances, epsilon: epsilon)
  }
}

/// A mutant that projects correctly and whitens wrongly.
private protocol WhitensWrongly: Ex03_4 {
  static func factor(_ variance: Float, _ epsilon: Float) -> Float
}

extension WhitensWrongly {
  static func project(_ samples: Tensor, mean: [Float], components: Tensor) -> Tensor {
    coordinates(samples, mean, components)
  }
  static func whiten(
    _ samples: Tensor, mean: [Float], components: Tensor, variances: [Float], epsilon: Float
  ) -> Tensor {
    scaled(coordinates(samples, mean, components)) { factor(variances[$0], epsilon) }
  }
}

private enum ByVariance: WhitensWrongly {
  static func factor(_ variance: Float, _ epsilon: Float) -> Float { 1 / (variance + epsilon) }
}

private enum OutsideRoot: WhitensWrongly {
  static func factor(_ variance: Float, _ epsilon: Float) -> Float { 1 / (variance.squareRoot() + epsilon) }
}

private enum NoEpsilon: WhitensWrongly {
  static func factor(_ variance: Float, _ epsilon: Float) -> Float { 1 / variance.squareRoot() }
}

private enum Multiplies: WhitensWrongly {
  static func factor(_ variance: Float, _ epsilon: Float) -> Float { (variance + epsilon).squareRoot() }
}

private enum NotCentered: Ex03_4 {
  static func project(_ samples: Tensor, mean: [Float], components: Tensor) -> Tensor {
    coordinates(samples, mean.map { _ in 0 }, components)
  }
  static func whiten(
    _ samples: Tensor, mean: [Float], components: Tensor, variances: [Float], epsilon: Float
  ) -> Tensor {
    scaled(project(samples, mean: mean, components: components)) { 1 / (variances[$0] + epsilon).squareRoot() }
  }
}

private enum Columns: Ex03_4 {
  static func project(_ samples: Tensor, mean: [Float], components: Tensor) -> Tensor {
    coordinates(samples, mean, components, byColumn: true)
  }
  static func whiten(
    _ samples: Tensor, mean: [Float], components: Tensor, variances: [Float], epsilon: Float
  ) -> Tensor {
    scaled(project(samples, mean: mean, components: components)) { 1 / (variances[$0] + epsilon).squareRoot() }
  }
}
