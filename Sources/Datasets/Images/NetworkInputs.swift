// Conversion of images to inputs for networks trained on ImageNet or MNIST.

import Foundation
import Tensors

extension PixelTransform {
  /// Standardization with the mean and standard deviation of ImageNet's channels, as used to train torchvision's
  /// networks.
  ///
  /// - Source: the model documentation of torchvision.
  public static let imageNet = PixelTransform(
    mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225])
}

extension RasterImage {
  /// The input that torchvision's classifiers expect: the shorter side is scaled to 256, the central 224×224 pixels are
  /// cropped, and each channel is standardized with ImageNet's statistics.
  ///
  /// - Parameters:
  ///   - size: the side of the square, 224.
  ///   - shorterSide: the length of the shorter side before cropping, 256; at least `size`.
  /// - Returns: [1, 3, size, size].
  public func imageNetInput(size: Int = 224, shorterSide: Int = 256) -> Tensor {
    demand(0 < size && size <= shorterSide, "RasterImage: cannot crop \(size) from \(shorterSide)")
    let isWide = width >= height
    // A very long image would become huge; the parts that are cropped anyway need not be scaled.
    let longer = Int(Double(shorterSide) * Double(max(width, height)) / Double(min(width, height)))
    var source = self
    var scaled = isWide ? (width: longer, height: shorterSide) : (width: shorterSide, height: longer)
    if longer > 16 * shorterSide {
      let kept = 16 * min(width, height)
      source =
        isWide
        ? cropped(left: (width - kept) / 2, top: 0, width: kept, height: height)
        : cropped(left: 0, top: (height - kept) / 2, width: width, height: kept)
      scaled = isWide ? (16 * shorterSide, shorterSide) : (shorterSide, 16 * shorterSide)
    }
    let resized = source.resized(width: scaled.width, height: scaled.height)
    let middle = { (length: Int) in Int((Double(length - size) / 2).rounded(.toNearestOrEven)) }
    let square = resized.cropped(
      left: middle(scaled.width), top: middle(scaled.height), width: size, height: size)
    var planes = [UInt8](repeating: 0, count: 3 * size * size)
    for i in 0..<size * size {
      for color in 0..<3 { planes[color * size * size + i] = square.pixels[3 * i + color] }
    }
    let image = Dataset(
      name: "image", pixels: planes, labels: [0], imageShape: [3, size, size], classCount: 1, transform: .imageNet)
    return image.batch(first: 1).inputs
  }

  /// The image of one digit, preprocessed like MNIST's images, as the input of a network that was trained on them.
  ///
  /// The median brightness of the border is that of the paper. Pixels that differ from it are ink, dark on light or
  /// light on dark, scaled to the full range. The bounding box of the ink is scaled to fit 20×20 without changing its
  /// aspect ratio, and placed in 28×28 pixels with its centre of mass in the middle. An image that already has this
  /// form keeps its pixels.
  ///
  /// - Parameters:
  ///   - path: the file, for messages.
  ///   - transform: the transform with which the network was trained: ``PixelTransform/lenet`` gives [1, 1, 32, 32], a
  ///     transform without padding [1, 1, 28, 28].
  /// - Throws: ``DataError`` if the image contains no ink.
  /// - Source: the description of MNIST by LeCun, Cortes and Burges.
  public func digitInput(_ path: String = "image", transform: PixelTransform = .lenet) throws -> Tensor {
    Dataset(
      name: path, pixels: try digitPixels(path), labels: [0], imageShape: [1, 28, 28], classCount: 10,
      transform: transform
    ).batch(first: 1).inputs
  }

  /// The 28×28 bytes from which ``digitInput(_:transform:)`` is made: light ink on black.
  ///
  /// - Parameter path: the file, for messages.
  /// - Throws: ``DataError`` if the image contains no ink.
  public func digitPixels(_ path: String = "image") throws -> [UInt8] {
    // A photograph has many more pixels than are needed for 28×28.
    let longer = max(width, height)
    if longer > 1_000 {
      return try resized(width: max(1, width * 1_000 / longer), height: max(1, height * 1_000 / longer)).digitPixels(
        path)
    }
    let brightness = grey
    let paper = borderMedian(brightness)
    let ink = brightness.map { paper > 127 ? max(0, paper - $0) : max(0, $0 - paper) }
    let darkest = ink.max() ?? 0
    guard darkest >= 16 else {
      throw DataError(path, expected: "an image of a digit", found: "a uniform image")
    }
    // Ignore the texture of the paper, and scale faint ink, such as pencil, to full darkness.
    let levels = ink.map { value -> UInt8 in
      value < 0.15 * darkest ? 0 : UInt8(min(255, (255 * value / darkest).rounded()))
    }
    let rows = (0..<height).filter { y in levels[y * width..<(y + 1) * width].contains { $0 > 0 } }
    let columns = (0..<width).filter { x in
      stride(from: x, to: width * height, by: width).contains { levels[$0] > 0 }
    }
    guard let top = rows.first, let bottom = rows.last, let left = columns.first, let right = columns.last else {
      throw DataError(path, expected: "an image of a digit", found: "no ink")
    }
    let box = RasterImage(width: width, height: height, pixels: levels.flatMap { [$0, $0, $0] })
      .cropped(left: left, top: top, width: right - left + 1, height: bottom - top + 1)
    return Self.centered(box.fitted(20))
  }

  /// The image scaled to a longer side of `side`, or unchanged if the longer side differs from that by at most a tenth.
  private func fitted(_ side: Int) -> RasterImage {
    let longer = max(width, height)
    if abs(longer - side) * 10 <= side { return self }
    let scale = Double(side) / Double(longer)
    return resized(
      width: max(1, Int((Double(width) * scale).rounded())), height: max(1, Int((Double(height) * scale).rounded())))
  }

  /// The image placed in 28×28 black pixels, with the centre of mass of the ink in the middle, to the nearest pixel.
  private static func centered(_ box: RasterImage) -> [UInt8] {
    let side = 28
    var (mass, x, y) = (0.0, 0.0, 0.0)
    for row in 0..<box.height {
      for column in 0..<box.width {
        let value = Double(box.pixels[3 * (row * box.width + column)])
        mass += value
        x += value * (Double(column) + 0.5)
        y += value * (Double(row) + 0.5)
      }
    }
    // Never beyond the edge: centring must not cut off part of the digit.
    func offset(_ center: Double, _ extent: Int) -> Int {
      min(side - extent, max(0, Int((Double(side) / 2 - center).rounded())))
    }
    let (left, top) = (offset(x / mass, box.width), offset(y / mass, box.height))
    var result = [UInt8](repeating: 0, count: side * side)
    for row in 0..<box.height {
      for column in 0..<box.width {
        result[(top + row) * side + left + column] = box.pixels[3 * (row * box.width + column)]
      }
    }
    return result
  }

  /// The median brightness of the outermost pixels.
  private func borderMedian(_ brightness: [Float]) -> Float {
    var border: [Float] = []
    for y in 0..<height {
      for x in 0..<width where y == 0 || y == height - 1 || x == 0 || x == width - 1 {
        border.append(brightness[y * width + x])
      }
    }
    return border.sorted()[border.count / 2]
  }
}
