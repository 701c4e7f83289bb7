// Chapter 5: one image of a batch while the other images change: which normalization makes it depend on them.

import Foundation
import NeuralNetworks
import Tensors

/// A batch of up to four images, each with four channels of 4×4, and five normalizations of it.
///
/// - `normalize`: seed, number of images, groups (1, 2 or 4), a factor and a shift for all images except the first,
///   then the number added to each of the 4·4·16 pixels. Answers with: the batch; the first image after batch
///   normalization (in training mode, then in test mode with the running statistics of the unchanged batch), layer,
///   instance and group normalization, 64 numbers each; the root-mean-square change of each of the five, compared with
///   unchanged neighbours; and the root-mean-square differences between all pairs of the five, 5×5.
///
/// Questions that a class might ask, and the panel's answers:
/// - Make the neighbours brighter: which outputs change? Only that of batch normalization in training mode.
/// - How much does it change if the shift doubles? From 1 to 2 to 4 the change is 0.7, 1.2, 1.6: the standard
///   deviation, by which it is divided, grows too.
/// - What does batch normalization do with a batch of one? The same as instance normalization, to the last digit.
/// - Which number of groups gives layer normalization, and which instance normalization? One, and the number of
///   channels.
/// - What is different in test mode? The neighbours have no influence; the running statistics are used instead.
public final class BatchPanel: Panel {
  private static let (channels, side, most) = (4, 4, 4)
  private static let size = channels * side * side

  var learnerAnswers = LearnerAnswers.installed

  public init() {}

  public func answer(_ question: Word, _ input: [Float]) -> [[Float]] {
    guard question == "normalize" else { return [] }
    var reader = Reader(input)
    let (seed, count, groups) = (UInt64(reader.int(0...9_999)), reader.int(1...Self.most), reader.int(1...4))
    let (factor, shift) = (reader.float(0...10), reader.float(-100...100))
    let edits = reader.floats(Self.most * Self.size)
    let drawn = images(seed: seed)
    func batch(_ isTouched: Bool) -> Tensor {
      var pixels: [Float] = []
      for index in 0..<count * Self.size {
        let isNeighbour = index >= Self.size
        let pixel = isNeighbour && isTouched ? factor * drawn[index] + shift : drawn[index]
        pixels.append(isNeighbour && !isTouched ? pixel : pixel + edits[index])
      }
      return Tensor([count, Self.channels, Self.side, Self.side], pixels)
    }
    let (before, now) = (batch(false), batch(true))
    let kinds = groups == 3 ? 2 : groups
    let (old, new) = (first(of: before, running: before, groups: kinds), first(of: now, running: before, groups: kinds))
    let moved = zip(old, new).map { Self.apart($0, $1) }
    return [now.elements] + new + [moved, new.flatMap { one in new.map { Self.apart(one, $0) } }]
  }

  /// The root-mean-square difference of two images.
  private static func apart(_ one: [Float], _ other: [Float]) -> Float {
    (zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Float(size)).squareRoot()
  }

  /// Normally distributed pixels, with a different mean for each channel.
  private func images(seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed, stream: 5)
    let levels: [Float] = [-0.5, 0, 0.5, 1]
    return (0..<Self.most * Self.size).map { levels[$0 / 16 % Self.channels] + generator.nextNormal() }
  }

  /// The first image of a batch after each of the five normalizations.
  private func first(of batch: Tensor, running: Tensor, groups: Int) -> [[Float]] {
    // With a momentum of 1, the running statistics are those of the last training batch.
    var (training, test) = (BatchNorm(Self.channels), BatchNorm(Self.channels, momentum: 1))
    _ = test.forward(running, mode: .training)
    var layer = LayerNorm([Self.channels, Self.side, Self.side])
    var (instance, group) = (InstanceNorm(Self.channels), GroupNorm(Self.channels, groups: groups))
    let (ones, zeros) = (Tensor([Self.channels], repeating: 1), Tensor(zeros: [Self.channels]))
    let outputs = [
      learnerAnswers.batchNorm?(batch, ones, zeros, training.epsilon) ?? training.forward(batch, mode: .training),
      test.forward(batch), layer.forward(batch), instance.forward(batch),
      group.forward(batch),
    ]
    return outputs.map { Array($0.elements.prefix(Self.size)) }
  }

  public func proof(_ input: [Float]) -> Proof {
    let parts = answer("normalize", [1, 4, 2, 1.5, 1] + (0..<256).map { Float($0 % 7) / 7 })
    return Proof(groups: [parts[6]] + (1...5).map { Array(parts[$0].prefix(6)) })
  }
}
