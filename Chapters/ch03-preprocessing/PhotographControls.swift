// Colour photographs: filters at the start, and starts that are changed.

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

  /// Multiplies the first weights of the photographs' net by a factor for each channel.
  mutating func scaleAtStart(_ scales: [Float]) {
    visitParameters { name, parameter in
      guard name == "conv1.weight" else { return }
      var w = parameter.value.elements  // [16, 3, 5, 5]
      let channel = parameter.value.count / parameter.value.shape[0] / scales.count
      for i in w.indices { w[i] *= scales[i / channel % scales.count] }
      parameter.value = Tensor(parameter.value.shape, w)
    }
  }
}

/// In how many windows, in per cent, each filter of a new net is on: its sum is above 0.
func windowsOn(_ images: TensorSamples, seed: UInt64) throws -> [Double] {
  let model = try Model(photographNet(isNormalized: false, .heNormal), input: images.sampleShape, seed: seed)
  guard var first = model.layers["conv1"] as? Conv2D else { return [] }
  let sums = first.forward(images.inputs)  // [N, 16, 28, 28]
  let (filters, size) = (sums.shape[1], sums.shape[2] * sums.shape[3])
  var on = [Int](repeating: 0, count: filters)
  sums.withUnsafeElements { z in for i in z.indices where z[i] > 0 { on[i / size % filters] += 1 } }
  return on.map { rounded(100 * Double($0) / Double(images.count * size), decimals: 2) }
}

/// The per cent of the filters that are on, or off, in at least 95 of 100 windows.
func stuckShare(_ on: [Double]) -> Double {
  100 * Double(on.count { !(5...95).contains($0) }) / Double(max(1, on.count))
}

extension PhotographPlan {
  /// How many filters start stuck, raw and with channel means; nothing is trained.
  func addFilters(to found: inout PhotographFindings) throws {
    guard found.on == nil || found.stuck == nil else { return }
    let few = train.at(Array(0..<500))
    let ways = [few, few.prepared(by: ChannelMean.fit(train.inputs))]
    found.on = try ways.map { try windowsOn($0, seed: found.seeds[0]) }
    found.stuck = try ways.map { images in
      Summary(try found.seeds.map { stuckShare(try windowsOn(images, seed: $0)) })
    }
  }
}
