import Foundation
import Workbook

var model = try Model(LeNet5.plus.layers, input: LeNet5.inputShape, seed: 1)
print(model)
let digits = try Digits.load(from: ProcessInfo.processInfo.environment["MNIST_DIR"])
for (name, net) in [("plain", LeNet5.plain), ("published", .published), ("plus", .plus), ("plusplus", .plusPlus)] {
  var model = try Model(net.layers, input: LeNet5.inputShape, seed: 1)
  let loss = net.loss
  var optimizer = SGD()
  var (batch, output, gradient, none) = (Batch(), Tensor.empty, Tensor.empty, Tensor.empty)
  var pass = Pass(.training)
  for epoch in 1...1 {
    var order = SeededGenerator(seed: 1, stream: UInt64(epoch))
    let indices = order.permutation(of: digits.train.count)
    let start = Date()
    var total = 0.0
    for first in stride(from: 0, to: indices.count, by: 32) {
      digits.train.load(indices[first..<min(first + 32, indices.count)], into: &batch)
      model.forward(batch.inputs, into: &output, in: &pass)
      total += loss.evaluate(output, .classes(batch.labels), gradient: &gradient)
      model.backward(gradient, input: batch.inputs, output: output, into: &none)
      optimizer.step(&model, learningRate: 0.02)
    }
    let seconds = -start.timeIntervalSinceNow
    pass.mode = .inference
    var wrong = 0
    for first in stride(from: 0, to: digits.test.count, by: 500) {
      let b = digits.test.batch(Array(first..<first + 500)[...])
      model.forward(b.inputs, into: &output, in: &pass)
      for n in 0..<500 {
        let row = output.elements[n * 10..<n * 10 + 10]
        if row.firstIndex(of: row.max()!)! - n * 10 != b.labels[n] { wrong += 1 }
      }
    }
    pass.mode = .training
    print(name, "epoch", epoch, String(format: "%.2f s  loss %.4f  test error %.2f %%", seconds, total / 1875, Double(wrong) / 100))
  }
}
