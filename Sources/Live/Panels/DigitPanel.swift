// Chapter 10: a digit is drawn, and LeNet-5++ reads it; what it sees at every stage is on show.

import NeuralNetworks
import Tensors

/// LeNet-5++ with recorded weights, on what the reader draws.
///
/// - `load`: the weights, layer by layer, parameters before buffers. Answers with 1 where their number fits, else 0.
/// - `read`: the strokes, see ``Drawing``. Answers with the picture, 28×28; the six maps, 6×28×28; the sixteen,
///   16×10×10; and the ten probabilities.
/// - `reach`: 1 or 2, row, column. Answers with what one pixel of the six or sixteen maps sees of the picture: its upper
///   row, left column, height and width, some of it perhaps outside; and the same in the drawing, as shares of its side.
/// - `change`: a class. Answers as `read` does for the picture after the smallest change found that makes it this class;
///   then with the length ‖change‖₂, and the number of steps.
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

  /// A picture, what the net makes of it at two stages, and what it says.
  private func read(_ picture: [Float]) -> [[Float]] {
    let logits = net.forward(LeNet.input(picture)).elements
    return [
      picture, net.outputs[LeNet.firstMaps].elements, net.outputs[LeNet.secondMaps].elements, LeNet.softmax(logits),
    ]
  }

  /// A pixel of the six maps sees 5×5 of the padded picture. One of the sixteen sees 5×5 pooled pixels: they lie two
  /// apart, and each sees 6×6; (5 − 1)·2 + 6 = 14.
  private func reach(_ layer: Int, _ row: Int, _ column: Int) -> [Float] {
    let (step, side) = layer == 1 ? (1, 5) : (2, 14)
    let (top, left, size) = (Float(row * step - 2), Float(column * step - 2), Float(side))
    let corner = placement.inDrawing(x: left, y: top)
    return [top, left, size, size, corner.y, corner.x, size / placement.scale, size / placement.scale]
  }

  /// Walks to where the wanted class overtakes the strongest other one: the step to a plane z_wanted = z_other, if the
  /// network were the plane that it is nearby, again and again.
  ///
  /// - Source: Moosavi-Dezfooli et al. 2016, "DeepFool", arXiv:1511.04599, algorithm 2.
  private func change(to wanted: Int) -> [[Float]] {
    var changed = picture
    var steps = 0
    var logits = net.forward(LeNet.input(changed)).elements
    while steps < 60 {
      let others = logits.indices.filter { $0 != wanted }
      guard let rival = others.max(by: { logits[$0] < logits[$1] }), logits[wanted] <= logits[rival] else { break }
      var direction = Tensor(zeros: [1, 10])
      direction[0, wanted] = 1
      direction[0, rival] = -1
      net.backward(direction, toInput: true)
      let slope = net.inputGradient.elements
      var (square, gap) = (Float(1e-12), logits[rival] - logits[wanted] + 0.02)
      func gradient(_ place: Int) -> Float { slope[(place / 28 + 2) * 32 + place % 28 + 2] / 0.3081 }
      // Ink stays between none and full: a pixel at its end does not move on.
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
    // A seven.
    let parts = answer("read", [0.2, 0.2, 0.8, 0.25, 0.45, 0.9])
    let read = parts[3].indices.max { parts[3][$0] < parts[3][$1] } ?? 0
    let maps = stride(from: 0, to: parts[2].count, by: 97).map { parts[2][$0] }
    return Proof(whole: [Float(read)], groups: [parts[3], maps])
  }
}
