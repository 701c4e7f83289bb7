// A photographed digit becomes what MNIST would have made of it.

import Datasets
import Foundation
import Tensors
import Testing

@Suite("Pictures of digits") struct DigitPictureTests {
  private let digits = SyntheticDigits.dataset(count: 30, seed: 4)

  /// The 28×28 digit, enlarged and put somewhere on a page of its own paper.
  private func page(
    _ index: Int, scale: Int, left: Int, top: Int, ink: (UInt8) -> [UInt8], margin: Int = 60
  ) -> RasterImage {
    let side = 28 * scale
    let source = Array(digits.pixels[index * 784..<(index + 1) * 784])
    let large = RasterImage(width: 28, height: 28, pixels: source.flatMap { [$0, $0, $0] })
      .resized(width: side, height: side)
    let (width, height) = (side + margin, side + margin)
    var pixels = (0..<width * height).flatMap { _ in ink(0) }
    for y in 0..<side {
      for x in 0..<side {
        let place = 3 * ((top + y) * width + left + x)
        pixels.replaceSubrange(place..<place + 3, with: ink(large.pixels[3 * (y * side + x)]))
      }
    }
    return RasterImage(width: width, height: height, pixels: pixels)
  }

  private let darkOnLight = { (level: UInt8) -> [UInt8] in
    let value = 240 - UInt8(Double(level) / 255 * 200)
    return [value, value, UInt8(min(255, Int(value) + 10))]
  }
  private let lightOnDark = { (level: UInt8) -> [UInt8] in [level / 2 + 20, level / 2 + 20, level / 2 + 20] }

  private func correlation(_ a: [UInt8], _ b: [UInt8]) -> Double {
    let (x, y) = (a.map { Double($0) }, b.map { Double($0) })
    let (mx, my) = (x.reduce(0, +) / 784, y.reduce(0, +) / 784)
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    for (u, v) in zip(x, y) {
      xy += (u - mx) * (v - my)
      xx += (u - mx) * (u - mx)
      yy += (v - my) * (v - my)
    }
    return xy / (xx * yy).squareRoot()
  }

  @Test("dark on light or light on dark, anywhere on the page and at any size, the result is nearly the same")
  func normalizes() throws {
    for index in [0, 7, 13, 22] {
      let pages = [
        page(index, scale: 6, left: 5, top: 50, ink: darkOnLight),
        page(index, scale: 3, left: 55, top: 3, ink: lightOnDark),
        page(index, scale: 9, left: 30, top: 20, ink: darkOnLight),
      ]
      let results = try pages.map { try $0.digitPixels() }
      // One pixel of a difference in the box is worth a tenth; other digits reach a half.
      for other in results.dropFirst() { #expect(correlation(results[0], other) > 0.85, "digit \(index)") }
    }
  }

  @Test("ink fits into 20×20, reaches full strength, and has its center of mass in the middle")
  func box() throws {
    for index in 0..<10 {
      let pixels = try page(index, scale: 7, left: 12, top: 33, ink: darkOnLight).digitPixels()
      let rows = (0..<28).filter { y in pixels[28 * y..<28 * y + 28].contains { $0 > 0 } }
      let columns = (0..<28).filter { x in (0..<28).contains { pixels[28 * $0 + x] > 0 } }
      let extents = [rows, columns].map { ($0.last ?? 0) - ($0.first ?? 0) + 1 }
      #expect(extents.max() == 20)
      #expect(pixels.max() ?? 0 > 200)
      var (mass, x, y) = (0.0, 0.0, 0.0)
      for i in 0..<784 {
        mass += Double(pixels[i])
        x += Double(pixels[i]) * (Double(i % 28) + 0.5)
        y += Double(pixels[i]) * (Double(i / 28) + 0.5)
      }
      // Whole pixels, and never over the edge.
      #expect(abs(x / mass - 14) <= 1 && abs(y / mass - 14) <= 1, "\(x / mass), \(y / mass)")
    }
  }

  @Test("a picture that is made like MNIST's keeps its pixels, up to its place")
  func unchanged() throws {
    // An upright bar of 20×4, which is where MNIST would have it.
    var pixels = [UInt8](repeating: 0, count: 784)
    for y in 4..<24 { for x in 12..<16 { pixels[28 * y + x] = 255 } }
    let image = RasterImage(width: 28, height: 28, pixels: pixels.flatMap { [$0, $0, $0] })
    #expect(try image.digitPixels() == pixels)
  }

  @Test("from a file to the input of the network: [1, 1, 32, 32] standardized, or [1, 1, 28, 28]")
  func tensor() throws {
    let scratch = try Scratch()
    let file = try scratch.write(PNGWriter.file(of: page(3, scale: 5, left: 9, top: 9, ink: darkOnLight)), "three.png")
    let image = try RasterImage(contentsOf: file)
    let input = try image.digitInput(file)
    #expect(input.shape == [1, 1, 32, 32] && input[0, 0, 0, 0] == 0)
    #expect(abs(input[0, 0, 2, 2] + MNIST.mean / MNIST.standardDeviation) < 1e-5)
    let plain = try image.digitInput(file, transform: PixelTransform())
    #expect(plain.shape == [1, 1, 28, 28] && plain.elements.max() ?? 0 > 0.7 && plain.elements.min() == 0)
  }

  @Test("an empty page is refused; a long line is still a picture")
  func empty() throws {
    let white = RasterImage(width: 40, height: 40, pixels: [UInt8](repeating: 250, count: 4800))
    let error = #expect(throws: DataError.self) { try white.digitPixels("page.png") }
    #expect(error?.description == "page.png: expected an image of a digit, found a uniform image")
    var line = [UInt8](repeating: 255, count: 3 * 2_000 * 3)
    line[3 * 3_000] = 0
    line[3 * 3_000 + 1] = 0
    line[3 * 3_000 + 2] = 0
    #expect(throws: Never.self) { try RasterImage(width: 2_000, height: 3, pixels: line).digitPixels() }
  }
}
