// How long the gradients of both losses are at the outputs while LeNet-5 begins to learn.

import Foundation
import Workbook

/// What the first epoch of LeNet-5 shows of its gradients.
struct FirstSteps: Codable, Sendable {
  /// How many images the net had seen.
  var images: [Int]
  /// For each of these moments the length ‖∂L/∂z‖ at the ten sums z of the last layer, root mean square over images, a
  /// number for each seed: of squared error after the sigmoid, of the same with the wrong σ′, and of cross-entropy after
  /// softmax, all at the same z.
  var squaredError: [Summary]
  var wrongSlope: [Summary]
  var crossEntropy: [Summary]
  /// The mean of the nine outputs of each image that should be 0.
  var falseOutput: [Summary]

  /// How many times as long the gradient of cross-entropy is as that of squared error, a number for each seed.
  func advantage(_ moment: Int) -> Summary { Self.ratio(crossEntropy[moment], squaredError[moment]) }

  /// How many times as long the wrong gradient is as the right one.
  func excess(_ moment: Int) -> Summary { Self.ratio(wrongSlope[moment], squaredError[moment]) }

  private static func ratio(_ a: Summary, _ b: Summary) -> Summary {
    Summary(zip(a.values, b.values).map { $0 / $1 })
  }
}

extension FirstSteps {
  /// Trains LeNet-5 for an epoch at the session's rate, and stops at the start, after a tenth and at the end to look.
  init(measuredIn session: Session) throws {
    let (net, data) = (LeNet5.plain, session.digits.train)
    let moments = [0, data.count / 10, data.count]
    let found = try inParallel(session.seeds.count) { place -> [[Double]] in
      let seed = session.seeds[place]
      var model = try Model(net.layers, input: LeNet5.inputShape, seed: seed)
      var generator = SeededGenerator(seed: seed, stream: 1)
      let order = generator.permutation(of: data.count)
      var seen = 0
      return moments.map { moment in
        _ = trainOneEpoch(
          &model, on: data, order: Array(order[seen..<moment]), loss: net.loss, rate: session.options.rate,
          batchSize: session.options.batch)
        seen = moment
        return outputGradients(model, on: data.batch(first: min(1_000, data.count)))
      }
    }
    func column(_ place: Int) -> [Summary] {
      moments.indices.map { moment in Summary(found.map { $0[moment][place] }) }
    }
    images = moments
    (squaredError, wrongSlope, crossEntropy, falseOutput) = (column(0), column(1), column(2), column(3))
  }
}

/// The length of ∂L/∂z at the sums z of the last layer, for squared error after the right sigmoid and after the wrong one,
/// and for cross-entropy; then the mean of the outputs that should be 0.
private func outputGradients(_ model: Model, on batch: Batch) -> [Double] {
  var (network, output, pass) = (model.layers, Tensor.empty, Pass(.inference))
  network.forward(batch.inputs, into: &output, in: &pass)
  guard let place = network.entries.firstIndex(where: { $0.name == "fc3" }) else { return [] }
  let sums = network.activation(at: place)
  /// Root mean square over the images; the loss is a mean over them.
  func length(_ gradient: Tensor) -> Double {
    (gradient.elements.reduce(0) { $0 + Double($1) * Double($1) } * Double(batch.count)).squareRoot()
  }
  var (atOutputs, atSums) = (Tensor.empty, Tensor.empty)
  _ = MeanSquaredError().evaluate(output, .classes(batch.labels), gradient: &atOutputs)
  let behindSigmoid = [Sigmoid.Derivative.correct, .published].map { derivative in
    var sigmoid = Sigmoid(derivative: derivative)
    return length(sigmoid.backward(atOutputs, input: sums, output: output))
  }
  _ = SoftmaxCrossEntropy().evaluate(sums, .classes(batch.labels), gradient: &atSums)
  let all = output.elements.reduce(0) { $0 + Double($1) }
  let right = batch.labels.enumerated().reduce(0) { $0 + Double(output.elements[10 * $1.offset + Int($1.element)]) }
  return behindSigmoid + [length(atSums), (all - right) / Double(9 * batch.count)]
}
