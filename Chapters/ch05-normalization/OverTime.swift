// A small recurrent net that reads a digit row by row: its statistics at each moment.

import Foundation
import Workbook

/// Hands on the last moment of a sequence, [N, T, F] → [N, F].
struct LastMoment: Layer {
  func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 2 else { throw ShapeError(kind, expected: "[time, features]", received: input) }
    return [input[1]]
  }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    let (samples, times, width) = (input.shape[0], input.shape[1], input.shape[2])
    var values: [Float] = []
    for n in 0..<samples { values += input.elements[((n + 1) * times - 1) * width..<(n + 1) * times * width] }
    output = Tensor([samples, width], values)
  }

  mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    if inputGradient.isEmpty { return }
    let (samples, times, width) = (input.shape[0], input.shape[1], input.shape[2])
    var values = [Float](repeating: 0, count: input.count)
    for n in 0..<samples {
      for i in 0..<width { values[((n + 1) * times - 1) * width + i] = outputGradient.elements[n * width + i] }
    }
    inputGradient = Tensor(input.shape, values)
  }
}

/// The sums aₜ = W·xₜ + U·hₜ₋₁ + b of a trained recurrent net, looked at moment by moment.
struct MomentStatistics: Codable, Sendable {
  /// The deviation that is left at each moment when one mean and one variance per unit serve all moments.
  var sharedDeviations: [Double] = []
}

extension MomentStatistics {
  /// Trains 28 → 32 → 10 on digits read from top to bottom, then takes the statistics of `sample` images.
  init(on digits: Digits, units: Int = 32, epochs: Int, sample: Int, rate: Float = 0.01, seed: UInt64) throws {
    func sequences(_ set: Dataset) -> TensorSamples {
      let batch = set.batch(first: set.count)
      return TensorSamples(
        name: set.name, inputs: batch.inputs.reshaped(to: [batch.count, 28, 28]), labels: batch.labels, classCount: 10)
    }
    let net = Sequential([
      "rnn": Recurrent(28, units, initializer: .lecunNormal), "last": LastMoment(),
      "out": Dense(units, 10, initializer: .lecunNormal),
    ])
    let loss = SoftmaxCrossEntropy()
    var trainer = Trainer(
      try Model(net, input: [28, 28], seed: seed), loss: loss, optimizer: Adam(), schedule: ConstantRate(rate),
      batchSize: 32, seed: seed)
    try trainer.trainResumably(on: sequences(digits.train), epochs: epochs)
    guard var cell = trainer.model.layers["rnn"] as? Recurrent else { return }
    let x = sequences(digits.train.prefix(sample)).inputs
    let h = cell.forward(x)
    let count = x.shape[0]
    // aₜ for all samples of one moment, by two dense layers that share the cell's weights.
    var (input, recurrent) = (Dense(28, units), Dense(units, units, bias: false))
    (input.weight, input.bias, recurrent.weight) = (cell.weight, cell.bias, cell.recurrentWeight)
    func moment(_ tensor: Tensor, _ t: Int, _ width: Int) -> Tensor {
      var values: [Float] = []
      for n in 0..<count { values += tensor.elements[(n * 28 + t) * width..<(n * 28 + t + 1) * width] }
      return Tensor([count, width], values)
    }
    let sums: [Tensor] = (0..<28).map { t in
      let fromInput = input.forward(moment(x, t, 28))
      if t == 0 { return fromInput }
      let fromPast = recurrent.forward(moment(h, t - 1, units))
      return Tensor(fromInput.shape, zip(fromInput.elements, fromPast.elements).map { $0 + $1 })
    }
    let all = columnMoments(Tensor([28 * count, units], sums.flatMap(\.elements)))
    sharedDeviations = sums.map { sum in
      Summary(zip(columnMoments(sum), all).map { $0.deviation / $1.deviation }).mean
    }
  }
}
