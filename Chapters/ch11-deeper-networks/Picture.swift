// One picture on its way through a trained net, and what the net looks at in it.

import Foundation
import Workbook

/// A picture, what each stage makes of it, and which parts of it count.
struct PictureWalk: Codable, Sendable {
  var truth: Int
  var answer: Int
  /// The probability of the answer.
  var probability: Double
  var picture: GreyPicture
  /// For each stage its first maps.
  var stages: [Stage]
  /// By how much the probability of the answer falls with a grey square at each place.
  var occlusion: GreyPicture
  /// The largest of these falls.
  var largestFall: Double
  /// |∂ logit of the answer/∂ pixel|.
  var saliency: GreyPicture

  struct Stage: Codable, Sendable {
    var name: String
    var channels: Int
    var maps: [GreyPicture]
  }
}

extension PictureWalk {
  /// Sends one picture through a model whose stages are its residual blocks.
  init(_ model: Model, index: Int, of data: Dataset, square: Int = PictureWalk.square) {
    let input = data.batch([index]).inputs  // [1, C, S, S]
    let (channels, side) = (input.shape[1], input.shape[2])
    var (network, output, pass) = (model.layers, Tensor.empty, Pass(.inference))
    network.forward(input, into: &output, in: &pass)
    let probabilities = softmax(output.elements)
    let answer = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    truth = Int(data.labels[index])
    self.answer = answer
    probability = probabilities[answer]
    picture = GreyPicture(stretching: greys(input, channels: channels), width: side, height: side)
    stages = network.entries.enumerated().compactMap { place, entry in
      guard entry.name == "relu1" || entry.name.hasSuffix("b") else { return nil }
      let maps = network.activation(at: place)  // [1, C, S, S]
      let (count, size) = (maps.shape[1], maps.shape[2])
      return Stage(
        name: entry.name == "relu1" ? "conv1" : String(entry.name.dropLast()), channels: count,
        maps: (0..<min(6, count)).map {
          GreyPicture(
            stretching: Array(maps.elements[$0 * size * size..<($0 + 1) * size * size]), width: size, height: size,
            from: 0)
        })
    }
    // snippet: saliency
    // Saliency: one backward pass from the answer's logit down to the pixels.
    var seed = Tensor(zeros: output.shape)
    seed.withUnsafeMutableElements { $0[answer] = 1 }
    var gradient = Tensor(zeros: input.shape)
    network.backward(seed, input: input, output: output, into: &gradient)
    saliency = GreyPicture(
      stretching: greys(gradient, channels: channels, absolute: true),
      width: side, height: side, from: 0)
    // snippet.end

    // Occlusion: a grey square over each place, and what is left of the probability.
    let copies = (0..<side * side).map { place -> [Float] in
      var pixels = input.elements
      let (y, x) = (place / side, place % side)
      for row in max(0, y - square / 2)...min(side - 1, y + square / 2) {
        for column in max(0, x - square / 2)...min(side - 1, x + square / 2) {
          for channel in 0..<channels {
            pixels[(channel * side + row) * side + column] = 0
          }
        }
      }
      return pixels
    }
    var covered = Tensor.empty
    network.forward(
      Tensor(input.shape.withoutBatch.batched(copies.count), copies.flatMap { $0 }),
      into: &covered, in: &pass)
    let classes = output.count
    let whole = probabilities[answer]
    let drops = copies.indices.map { place in
      Float(whole - softmax(Array(covered.elements[place * classes..<(place + 1) * classes]))[answer])
    }
    largestFall = Double(drops.max() ?? 0)
    occlusion = GreyPicture(stretching: drops, width: side, height: side, from: 0)
  }
}

extension PictureWalk {
  /// The side of the grey square.
  static let square = 7

  /// The middle of the square that costs the answer most.
  private var worst: (row: Int, column: Int) {
    let place = occlusion.pixels.indices.max { occlusion.pixels[$0] < occlusion.pixels[$1] } ?? 0
    return (place / occlusion.width, place % occlusion.width)
  }

  /// The picture with a frame around that square.
  var framed: GreyPicture {
    var framed = picture
    let reach = Self.square / 2 + 1
    for row in worst.row - reach...worst.row + reach {
      for column in worst.column - reach...worst.column + reach
      where max(abs(row - worst.row), abs(column - worst.column)) == reach && (0..<picture.height).contains(row)
        && (0..<picture.width).contains(column)
      {
        framed.pixels[row * picture.width + column] = 150
      }
    }
    return framed
  }
}

/// The mean over the channels of the first picture of a batch.
private func greys(_ images: Tensor, channels: Int, absolute: Bool = false) -> [Float] {
  let size = images.shape[2] * images.shape[3]
  return (0..<size).map { place in
    (0..<channels).reduce(Float(0)) { sum, channel in
      let value = images.elements[channel * size + place]
      return sum + (absolute ? abs(value) : value) / Float(channels)
    }
  }
}
