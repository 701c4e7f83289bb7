// From the path of a mouse to a picture as MNIST has them.

import Tensors

/// A drawing: strokes of a pen, each a list of points.
///
/// A network can only read what looks like its training set. MNIST's makers scaled every digit, its proportions kept,
/// into a box of 20×20 pixels, and moved it so that its centre of mass lies in the middle of 28×28. The same is done
/// here, with the strokes instead of the pixels: so the line is as thick as theirs, however large one draws.
///
/// - Source: LeCun et al. 1998, doi:10.1109/5.726791, section III.A.
struct Drawing {
  typealias Point = (x: Float, y: Float)

  private var strokes: [[Point]] = [[]]
  /// Half the width of the line, in pixels of the picture.
  private static let pen: Float = 1.15

  /// Reads points, x and y in turn, y downwards; a negative x lifts the pen.
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

  /// How a drawing lies in its picture: pixels to a side of the paper, and the point of the paper in the middle.
  struct Placement {
    var scale: Float = 28
    var middle: Point = (0.5, 0.5)

    /// Where a place of the picture, in pixels, lies on the paper.
    func inDrawing(x: Float, y: Float) -> Point { (middle.x + (x - 14) / scale, middle.y + (y - 14) / scale) }
  }

  /// Scales into the box and centres by mass.
  func placement() -> Placement {
    let points = strokes.flatMap { $0 }
    guard let first = points.first else { return Placement() }
    var (left, right, top, bottom) = (first.x, first.x, first.y, first.y)
    for point in points {
      (left, right) = (min(left, point.x), max(right, point.x))
      (top, bottom) = (min(top, point.y), max(bottom, point.y))
    }
    // The line itself is part of the 20 pixels. A dot has no size: it is not blown up.
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

  /// The picture: 28×28, ink from 0 to 1, the strokes placed so.
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
        // Full ink inside the pen, fading over the pixel and a half around its edge.
        ink[row * 28 + column] = max(0, min(1, (Self.pen + 0.75 - nearest.squareRoot()) / 1.5))
      }
    }
    return ink
  }
}
