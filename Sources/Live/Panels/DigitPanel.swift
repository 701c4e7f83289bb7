// Chapter 10: LeNet-5++ classifies a digit that the reader draws; the panel shows its feature maps.

import NeuralNetworks
import Tensors

/// LeNet-5++ with recorded weights, applied to the reader's drawing.
///
/// - `load`: the weights, layer by layer, parameters before buffers. Answers with 1 if their number is correct,
///   otherwise 0.
/// - `read`: the strokes, see ``Drawing``. Answers with the image, 28×28; the six feature maps, 6×28×28; the sixteen
///   feature maps, 16×10×10; and the ten probabilities.
/// - `reach`: 1 or 2, row, column. Answers with the receptive field of one pixel of the six or sixteen maps in the
///   image: its top row, left column, height and width, which may extend beyond the image; and the same in the drawing,
///   relative to its side.
/// - `change`: a class. Answers like `read` for the image after the smallest change found that gives it this class;
///   then with the norm ‖change‖₂, and the number of steps.
public final class DigitPanel: Panel {
  private let net = Stack(LeNet.layers(), seed: 0)
  private var picture = [Float](repeating: 0, count: 28 * 28)
  private var placement = Drawing.Placement()

  public init() {}

  public func answer(_ question: Word, _ input: [Float]) -> [[Float]] {
    var reader = Reader(input)
    switch question {
    case "load": return [[net.load(input) ? 1 : 0]]
    case "read":
      let drawing = Drawing(input)
      placement = drawing.placement()
      picture = drawing.picture(placement)
      return read(picture)
    case "reach": return [reach(reader.int(1...2), reader.int(0...27), reader.int(0...27))]
    case "change": return change(to: reader.int(0...9))
    default: return []
    }
  }

  /// An image, the network's feature maps at two stages, and its probabilities.
  private func read(_ picture: [Float]) -> [[Float]] {
    let logits = net.forward(LeNet.input(picture)).elements
    return [
      picture, net.outputs[LeNet.firstMaps].elements, net.outputs[LeNet.secondMaps].elements, LeNet.softmax(logits),
    ]
  }

  /// The receptive field of a pixel. For the six maps, it is 5×5 of the padded image. For the sixteen maps, it covers
  /// 5×5 pooled pixels, which are two pixels apart and have a receptive field of 6×6 each: (5 − 1)·2 + 6 = 14.
  private func reach(_ layer: Int, _ row: Int, _ column: Int) -> [Float] {
    let (step, side) = layer == 1 ? (1, 5) : (2, 14)
    let (top, left, size) = (Float(row * step - 2), Float(column * step - 2), Float(side))
    let corner = placement.inDrawing(x: left, y: top)
    return [top, left, size, size, corner.y, corner.x, size / placement.scale, size / placement.scale]
  }

  /// Changes the image until the target class has the largest logit. Each step goes to the plane z_target = z_rival,
  /// with the network linearized at the current image.
  ///
  /// - Source: Moosavi-Dezfooli et al. 2016, "DeepFool", arXiv:1511.04599, algorithm 2.
  private func change(to target: Int) -> [[Float]] {
    var changed = picture
    var steps = 0
    var logits = net.forward(LeNet.input(changed)).elements
    while steps < 60 {
      let others = logits.indices.filter { $0 != target }
      guard let rival = others.max(by: { logits[$0] < logits[$1] }), logits[target] <= logits[rival] else { break }
      var direction = Tensor(zeros: [1, 10])
      direction[0, target] = 1
      direction[0, rival] = -1
      net.backward(direction, toInput: true)
      let slope = net.inputGradient.elements
      var (square, gap) = (Float(1e-12), logits[rival] - logits[target] + 0.02)
      func gradient(_ place: Int) -> Float { slope[(place / 28 + 2) * 32 + place % 28 + 2] / 0.3081 }
      // Ink stays between 0 and 1: a pixel at a limit does not change further.
      let movable = changed.indices.filter { gradient($0) > 0 ? changed[$0] < 1 : changed[$0] > 0 }
      for place in movable { square += gradient(place) * gradient(place) }
      gap *= 1.02
      for place in movable { changed[place] = min(1, max(0, changed[place] + gap / square * gradient(place))) }
      logits = net.forward(LeNet.input(changed)).elements
      steps += 1
    }
    let length = zip(changed, picture).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    return read(changed) + [[length, Float(steps)]]
  }

  public func proof(_ input: [Float]) -> Proof {
    net.load(input)
    // The strokes of a seven.
    let parts = answer("read", [0.2, 0.2, 0.8, 0.25, 0.45, 0.9])
    let read = parts[3].indices.max { parts[3][$0] < parts[3][$1] } ?? 0
    let maps = stride(from: 0, to: parts[2].count, by: 97).map { parts[2][$0] }
    return Proof(whole: [Float(read)], groups: [parts[3], maps])
  }
}
