// One digit and two photographs as they are, without their means, and whitened: pictures for a figure.

import Foundation
import Workbook

/// One image under the preparations, and how much of the mean the channel mean takes away.
struct Strip: Codable, Sendable {
  var name: String
  /// [C, H, W]
  var shape: [Int]
  /// A byte for each number: the image and the mean image from 0 to 1; the whitened image, which may be smaller, from −3
  /// to 3 of its deviations.
  var raw: Data
  var mean: Data
  var whitened: Data
  /// The share of μᵀμ, the sum of the squares of all means, that the channel mean takes away, in per cent.
  var share: Double

  /// What the columns of the figure show.
  static let columns = ["raw", "mean image", "minus mean image", "minus channel mean", "whitened"]

  /// The pictures of one row.
  var pictures: [ImageGrid.Picture] {
    let (x, μ) = (raw.map { Float($0) / 255 }, mean.map { Float($0) / 255 })
    let size = shape[1] * shape[2]
    let channels = (0..<shape[0]).map { μ[$0 * size..<($0 + 1) * size].reduce(0, +) / Float(size) }
    let all = [
      x, μ, zip(x, μ).map { 0.5 + ($0 - $1) / 2 }, x.indices.map { 0.5 + (x[$0] - channels[$0 / size]) / 2 },
      whitened.map { Float($0) / 255 },
    ]
    return zip(all, Self.columns).map { pixels, name in
      let side = Int(Double(pixels.count / shape[0]).squareRoot())
      return ImageGrid.Picture(width: side, height: side, pixels: pixels, channels: shape[0], caption: name)
    }
  }
}

extension Strip {
  /// Some of the square images, prepared by what is fitted to all of them; for whitening they may be smaller.
  static func strips(
    _ name: String, _ images: TensorSamples, small: TensorSamples, at places: [Int], epsilon: Float
  ) -> [Strip] {
    let whitening = Whitening(PrincipalComponents.fit(small.inputs), epsilon: epsilon, rotatesBack: true)
    let (μ, shape) = (MeanImage.fit(images.inputs).mean.elements, (0..<3).map { images.sampleShape[$0] })
    let size = shape[1] * shape[2]
    let flat = stride(from: 0, to: μ.count, by: size).reduce(Float(0)) {
      let sum = μ[$1..<$1 + size].reduce(0, +)
      return $0 + sum * sum / Float(size)
    }
    let share = rounded(100 * Double(flat / μ.reduce(0) { $0 + $1 * $1 }), decimals: 2)
    return places.map { place in
      let image = images.at([place]).inputs
      let z = whitening.apply(small.at([place]).inputs).elements
      let deviation = (z.reduce(0) { $0 + $1 * $1 } / Float(z.count)).squareRoot()
      func bytes(_ values: [Float]) -> Data { Data(values.map { UInt8(min(255, max(0, (255 * $0).rounded()))) }) }
      return Strip(
        name: name, shape: shape, raw: bytes(image.elements), mean: bytes(μ),
        whitened: bytes(z.map { 0.5 + $0 / (6 * deviation) }), share: share)
    }
  }
}

extension Preprocessings {
  /// Which mean to subtract, with pictures of both.
  static func addStrips(to page: inout Page, _ strips: [Strip]) {
    guard let digit = strips.first, let photograph = strips.last, digit.name != photograph.name else { return }
    let isFlat = photograph.share > 95 && digit.share < 90
    page.prose(
      """
      **Which mean?** Our two pixels have different means, 4 and 2, so the mean image helps them more than the channel mean does. Pixels of \
      digits differ, too: their middle is bright. But in a photograph anything may stand anywhere, and its mean image is \
      \(isFlat ? "nearly one grey" : "not one grey"). There the channel means take away \(fixed(photograph.share, 1)) % of $\\mu^T\\mu$, the \
      sum of all squared means; with digits, \(fixed(digit.share, 0)) %.
      """)
    page.figure(
      Figure(
        isFlat
          ? "The mean image of digits is a ghost of digits; that of photographs is nearly one grey"
          : "The mean images of digits and of photographs",
        .images(
          ImageGrid(
            columns: Strip.columns.count, strips.flatMap(\.pictures), rowLabels: strips.map(\.name))),
        caption: """
          In the last three columns grey is 0. Whitened: ε = \(short(Double(epsilon))), turned back to pixels, contrast stretched, photographs at \
          half their size.
          """,
        name: "strips"))
    page.project("Two mean images: a ghost, and a grey")
  }

  /// Draws the strips, of digits and of the photographs in a folder, and writes the record with them.
  static func measureStrips(_ run: ChapterRun, from folder: String?) throws {
    let digits = try Digits.load(from: nil, transform: PixelTransform(), count: 60_000).train
    let plan = try PhotographPlan(from: try photographs(in: folder, "pictures"), run, epochs: 0)
    try addToRecord(on: "digits", in: run, where: { $0.photographs != nil }) { findings, _ in
      let digits = TensorSamples(digits, first: findings.digits.trainingCount)
      findings.strips =
        Strip.strips("digit", digits, small: digits, at: [0], epsilon: epsilon)
        + Strip.strips("photograph", plan.train, small: halved(plan.train), at: [7, 1], epsilon: epsilon)
    }
  }
}
