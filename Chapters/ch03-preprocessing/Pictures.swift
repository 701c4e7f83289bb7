// Digits and what is made of them, as pictures.

import Workbook

/// A picture of one sample of a batch [N, 1, H, W].
func picture(_ inputs: Tensor, _ index: Int, caption: String = "") -> ImageGrid.Picture {
  let (height, width) = (inputs.shape[2], inputs.shape[3])
  let size = height * width
  return ImageGrid.Picture(
    width: width, height: height, pixels: Array(inputs.elements[index * size..<(index + 1) * size]), caption: caption)
}

/// The first digit of each class, 0 to `count` − 1, as one batch.
func oneOfEach(_ samples: TensorSamples, count: Int) -> TensorSamples {
  samples.at((0..<count).compactMap { digit in samples.labels.firstIndex(of: digit) })
}

/// A row for each preparation that keeps the shape of an image, a column for each digit; signed numbers.
func preparedGrid(_ ways: [(name: String, preparation: any Preprocessing)], _ digits: TensorSamples) -> ImageGrid {
  let rows = ways.flatMap { way -> [ImageGrid.Picture] in
    let prepared = way.preparation.apply(digits.inputs)
    // Each row on a scale of its own: what is compared is the pattern.
    let largest = max(prepared.elements.map(\.magnitude).max() ?? 1, 1e-6)
    return (0..<digits.count).map { index in
      var image = picture(prepared, index)
      image.pixels = image.pixels.map { $0 / largest }
      return image
    }
  }
  return ImageGrid(columns: digits.count, rows, isSigned: true, rowLabels: ways.map(\.name))
}

/// The leading components as pictures.
func componentGrid(_ principal: PrincipalComponents, count: Int, columns: Int) -> ImageGrid {
  let (side, total) = (principal.mean.shape[2], principal.totalVariance)
  let pictures = (0..<count).map { k in
    let share = principal.variances[k] / total
    return ImageGrid.Picture(
      width: side, height: side, pixels: Array(principal.components.elements[k * side * side..<(k + 1) * side * side]),
      caption: "\(k + 1): \(percent(Double(share)))")
  }
  return ImageGrid(columns: columns, pictures, isSigned: true)
}

/// The share of the variance in the first k components, k = 1 … all.
func explained(_ principal: PrincipalComponents) -> [Double] {
  var sum = 0.0
  return principal.variances.map { variance in
    sum += Double(variance)
    return sum / Double(principal.totalVariance)
  }
}

/// Mean and standard deviation of all elements.
func moments(of tensor: Tensor) -> (mean: Double, deviation: Double) { moments(tensor.elements.map { Double($0) }) }

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
