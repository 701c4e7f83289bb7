// Digits and what is made of them, as pictures.

import Workbook

/// A picture of one sample of a batch [N, 1, H, W].
func picture(_ inputs: Tensor, _ index: Int) -> ImageGrid.Picture {
  let (height, width) = (inputs.shape[2], inputs.shape[3])
  let size = height * width
  return ImageGrid.Picture(
    width: width, height: height, pixels: Array(inputs.elements[index * size..<(index + 1) * size]))
}

/// The first digit of each class, 0 to `count` − 1, as one batch.
func oneOfEach(_ samples: TensorSamples, count: Int) -> TensorSamples {
  samples.at((0..<count).compactMap { digit in samples.labels.firstIndex(of: digit) })
}

/// A row of digits after a preparation that keeps the shape of an image, on a scale of its own: what is compared is the
/// pattern. One pixel in a hundred may lie beyond its end, so that a few very large ones do not make the rest pale.
func preparedRow(_ preparation: any Preprocessing, _ digits: TensorSamples) -> [KeptPicture] {
  let prepared = preparation.apply(digits.inputs)
  let magnitudes = prepared.elements.map(\.magnitude).sorted()
  let largest = magnitudes.isEmpty ? 1 : magnitudes[magnitudes.count * 99 / 100]
  return (0..<digits.count).map { KeptPicture(picture(prepared, $0), largest: largest) }
}

/// Rows of prepared digits, with a name for each. The root of each value is drawn, so that a few large ones do not make the
/// rest pale.
func preparedGrid(_ rows: [[KeptPicture]], _ names: [String]) -> ImageGrid {
  let pictures = rows.joined().map { kept -> ImageGrid.Picture in
    var picture = kept.picture()
    picture.pixels = picture.pixels.map { $0 < 0 ? -(-$0).squareRoot() : $0.squareRoot() }
    return picture
  }
  return ImageGrid(columns: rows.first?.count ?? 1, pictures, isSigned: true, rowLabels: names)
}

/// The share of the variance in the first k components, k = 1 … all.
func explained(_ principal: PrincipalComponents) -> [Double] {
  var sum = 0.0
  return principal.variances.map { variance in
    sum += Double(variance)
    return sum / Double(principal.totalVariance)
  }
}

/// Halves the side of each image by averages of 2×2: enough for digits, and eigenvectors in a moment.
func halved(_ samples: TensorSamples) -> TensorSamples {
  var pool = AveragePool(2)
  return TensorSamples(
    name: samples.name, inputs: pool.forward(samples.inputs), labels: samples.labels, classCount: samples.classCount)
}

extension TensorSamples {
  /// The samples at some places.
  func at(_ indices: [Int]) -> TensorSamples {
    var batch = Batch()
    load(indices[...], into: &batch)
    return TensorSamples(name: name, inputs: batch.inputs, labels: batch.labels, classCount: classCount)
  }
}

/// A batch with black and white exchanged: x′ = 1 − x.
func inverted(_ samples: TensorSamples) -> TensorSamples {
  var result = samples
  result.inputs.withUnsafeMutableElements { pixels in
    for i in pixels.indices { pixels[i] = 1 - pixels[i] }
  }
  return result
}

/// The correlation of two tensors of one shape, element by element.
func correlation(_ a: Tensor, _ b: Tensor) -> Double {
  let (x, y) = (a.elements.map { Double($0) }, b.elements.map { Double($0) })
  let ((mx, sx), (my, sy)) = (moments(x), moments(y))
  let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) } / Double(x.count)
  return sx * sy > 0 ? covariance / (sx * sy) : 0
}

/// The correlation of each pixel of a batch [N, 1, H, W] with the one to its right.
func neighbourCorrelation(_ images: Tensor) -> Double {
  let width = images.shape[3]
  let places = images.elements.indices.filter { $0 % width < width - 1 }
  return correlation(
    Tensor(vector: places.map { images.elements[$0] }), Tensor(vector: places.map { images.elements[$0 + 1] }))
}
