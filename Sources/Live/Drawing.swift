// Conversion of a drawing to an image like those of MNIST.

import Tensors

/// A drawing: strokes of a pen, each a list of points.
///
/// A network can only read images that look like its training set. In MNIST, every digit was scaled to a box of 20×20
/// pixels with its aspect ratio preserved, and its centre of mass was moved to the middle of 28×28 pixels. Here the
/// same is done with the strokes instead of the pixels, so the thickness of the line does not depend on the size of the
/// drawing.
///
/// - Source: LeCun et al. 1998, doi:10.1109/5.726791, section III.A.
struct Drawing {
  typealias Point = (x: Float, y: Float)

  private var strokes: [[Point]] = [[]]
  /// Half the width of the line, in pixels of the image.
  private static let pen: Float = 1.15

  /// Reads points as alternating x and y, with y pointing downwards; a negative x lifts the pen.
  init(_ numbers: [Float]) {
    for place in stride(from: 0, to: numbers.count - 1, by: 2) {
      if numbers[place] < 0 {
        strokes.append([])
      } else {
        strokes[strokes.count - 1].append((numbers[place], numbers[place + 1]))
      }
    }
  }

  /// Whether nothing was drawn.
  var isEmpty: Bool { strokes.allSatisfy { $0.isEmpty } }

  /// The position of a drawing in its image: the length of the paper's side in pixels, and the point of the paper that
  /// is in the middle of the image.
  struct Placement {
    var scale: Float = 28
    var middle: Point = (0.5, 0.5)

    /// The point of the paper at a position in the image, given in pixels.
    func inDrawing(x: Float, y: Float) -> Point { (middle.x + (x - 14) / scale, middle.y + (y - 14) / scale) }
  }

  /// Scales the drawing to the box and centres it by its centre of mass.
  func placement() -> Placement {
    let points = strokes.flatMap { $0 }
    guard let first = points.first else { return Placement() }
    var (left, right, top, bottom) = (first.x, first.x, first.y, first.y)
    for point in points {
      (left, right) = (min(left, point.x), max(right, point.x))
      (top, bottom) = (min(top, point.y), max(bottom, point.y))
    }
    // The 20 pixels include the width of the line. A dot has no size and is not enlarged.
    let extent = max(right - left, bottom - top)
    let scale = extent > 0.01 ? (20 - 2 * Self.pen) / extent : 1
    let box = Placement(scale: scale, middle: ((left + right) / 2, (top + bottom) / 2))
    let centred = picture(box)
    var (mass, x, y): (Float, Float, Float) = (0, 0, 0)
    for row in 0..<28 {
      for column in 0..<28 {
        let ink = centred[row * 28 + column]
        mass += ink
        x += ink * (Float(column) + 0.5)
        y += ink * (Float(row) + 0.5)
      }
    }
    guard mass > 0 else { return box }
    return Placement(scale: scale, middle: box.inDrawing(x: x / mass, y: y / mass))
  }

  /// The image of the strokes with the given placement: 28×28, with ink from 0 to 1.
  func picture(_ placement: Placement) -> [Float] {
    let (scale, middle) = (placement.scale, placement.middle)
    var segments: [(a: Point, b: Point)] = []
    for stroke in strokes where !stroke.isEmpty {
      let placed = stroke.map { point in
        Point(14 + (point.x - middle.x) * scale, 14 + (point.y - middle.y) * scale)
      }
      for (index, point) in placed.enumerated() { segments.append((placed[max(0, index - 1)], point)) }
    }
    var ink = [Float](repeating: 0, count: 28 * 28)
    for row in 0..<28 {
      for column in 0..<28 {
        let (px, py) = (Float(column) + 0.5, Float(row) + 0.5)
        var nearest = Float.infinity
        for (a, b) in segments {
          let (dx, dy) = (b.x - a.x, b.y - a.y)
          let t = max(0, min(1, ((px - a.x) * dx + (py - a.y) * dy) / max(1e-6, dx * dx + dy * dy)))
          let (ex, ey) = (px - a.x - t * dx, py - a.y - t * dy)
          nearest = min(nearest, ex * ex + ey * ey)
        }
        // Full ink inside the line, fading over one and a half pixels around its edge.
        ink[row * 28 + column] = max(0, min(1, (Self.pen + 0.75 - nearest.squareRoot()) / 1.5))
      }
    }
    return ink
  }
}
