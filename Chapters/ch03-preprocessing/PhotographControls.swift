// Colour photographs: whether the start or the path makes raw pixels worse, and what is left after many epochs.

import Foundation
import Workbook

extension Model {
  /// Gives the first layer of the photographs' net the biases −w · shift, so that it starts as if the shift had been
  /// subtracted from each channel of its inputs.
  mutating func subtractAtStart(_ shift: [Float]) {
    var biases: [Float] = []
    visitParameters { name, parameter in
      if name == "conv1.weight" {
        let (filters, window) = (parameter.value.shape[0], parameter.value.count / parameter.value.shape[0])
        let w = parameter.value.elements
        biases = (0..<filters).map { filter in
          -(0..<window).reduce(Float(0)) { $0 + w[filter * window + $1] * shift[$1 / (window / shift.count)] }
        }
      }
    }
    visitParameters { name, parameter in
      if name == "conv1.bias" { parameter.value = Tensor(parameter.value.shape, biases) }
    }
  }
}

/// The share of the filters of a new net, in per cent, that are on or off in at least 95 of 100 windows.
func stuckFilters(_ images: TensorSamples, seed: UInt64) throws -> Double {
  let model = try Model(photographNet(isNormalized: false), input: images.sampleShape, seed: seed)
  guard var first = model.layers["conv1"] as? Conv2D else { return .nan }
  let sums = first.forward(images.inputs)  // [N, 16, 28, 28]
  let (filters, size) = (sums.shape[1], sums.shape[2] * sums.shape[3])
  var on = [Int](repeating: 0, count: filters)
  sums.withUnsafeElements { z in for i in z.indices where z[i] > 0 { on[i / size % filters] += 1 } }
  let all = Double(images.count * size)
  return 100 * Double(on.count { !(0.05...0.95).contains(Double($0) / all) }) / Double(filters)
}

extension PhotographPlan {
  /// Measures what the record lacks: stuck filters, exchanged starts, and many epochs.
  func addControls(to found: inout PhotographFindings, _ keep: (PhotographFindings) throws -> Void) throws {
    let mean = ChannelMean.fit(train.inputs)
    if found.stuck == nil {
      let few = train.at(Array(0..<500))
      found.stuck = try [few, few.prepared(by: mean)].map { images in
        Summary(try found.seeds.map { try stuckFilters(images, seed: $0) })
      }
      try keep(found)
    }
    for (method, sign) in [(Method.raw, Float(1)), (.channelMean, -1)]
    where found.exchanged?.contains(where: { $0.method == method }) != true {
      run.stopIfInterrupted()
      let row = try row(
        method, beyond: [], shift: mean.mean.map { sign * $0 }, choosing: Array(found.choosing.prefix(1)),
        seeds: found.seeds)
      found.exchanged = PhotographFindings.sorted((found.exchanged ?? []) + [row])
      try keep(found)
    }
    var long = self
    long.epochs = PhotographFindings.longEpochs
    for method in [Method.raw, .channelMean] where found.long?.contains(where: { $0.method == method }) != true {
      guard let short = found.row(method) else { continue }
      run.stopIfInterrupted()
      let row = try long.row(
        method, rates: [Float(short.rate)], beyond: [], choosing: [], seeds: Array(found.seeds.prefix(4)))
      found.long = PhotographFindings.sorted((found.long ?? []) + [row])
      try keep(found)
    }
  }
}
