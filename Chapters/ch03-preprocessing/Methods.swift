// The ways to prepare inputs that the chapter compares, by name.

import Workbook

/// Nothing at all: pixels from 0 to 1.
struct AsTheyAre: Preprocessing {
  var name: String { "raw" }
  static func fit(_ train: Tensor) -> AsTheyAre { AsTheyAre() }
  func apply(to inputs: inout Tensor) {}
}

/// Subtracts the mean of every pixel, and divides by the standard deviation of that pixel.
struct PixelStandardization: Preprocessing {
  let mean: MeanImage
  /// 1/σ of each pixel; 1 for a pixel that is the same in all training images.
  let scales: [Float]
  var name: String { "pixel std" }

  static func fit(_ train: Tensor) -> PixelStandardization {
    PixelStandardization(
      mean: .fit(train), scales: pixelDeviations(train).map { $0 > 0 ? Float(1 / $0) : 1 })
  }
  func apply(to inputs: inout Tensor) {
    mean.apply(to: &inputs)
    inputs.withUnsafeMutableElements { x in
      for i in x.indices { x[i] *= scales[i % scales.count] }
    }
  }
}

/// The standard deviation of each pixel over a batch [N, …].
func pixelDeviations(_ images: Tensor) -> [Double] {
  let (count, centred) = (images.shape[0], MeanImage.fit(images).apply(images))
  let size = centred.count / count
  var squares = [Double](repeating: 0, count: size)
  centred.withUnsafeElements { x in
    for i in x.indices { squares[i % size] += Double(x[i]) * Double(x[i]) }
  }
  return squares.map { ($0 / Double(count)).squareRoot() }
}

/// Raw, and the six ways of the chapter.
enum Method: Int, Codable, Sendable, CaseIterable {
  case raw, meanImage, channelMean, channelStandard, principal, whitened, pixelStandard

  /// As figures call it.
  var name: String {
    switch self {
    case .raw: "raw"
    case .meanImage: "mean image"
    case .channelMean: "channel mean"
    case .channelStandard: "mean and std"
    case .principal: "PCA"
    case .whitened: "whitened"
    case .pixelStandard: "pixel std"
    }
  }

  /// Learns what the method needs, from training inputs [N, C, H, W] and nothing else.
  func fit(_ train: Tensor, epsilon: Float = 0.01) -> any Preprocessing {
    switch self {
    case .raw: AsTheyAre()
    case .meanImage: MeanImage.fit(train)
    case .channelMean: ChannelMean.fit(train)
    case .channelStandard: ChannelStandardization.fit(train)
    case .principal: PrincipalComponents.fit(train)
    case .whitened: Whitening.fit(train, epsilon: epsilon)
    case .pixelStandard: PixelStandardization.fit(train)
    }
  }
}

/// Every method, fitted on the same images, each as what it is.
struct Fits: Sendable {
  let meanImage: MeanImage
  let channelMean: ChannelMean
  let channelStandard: ChannelStandardization
  let principal: PrincipalComponents
  let whitened: Whitening
  let pixelStandard: PixelStandardization

  /// Fits every method once; principal components, which take longest, serve for whitening too.
  init(_ train: Tensor, epsilon: Float = 0.01) {
    meanImage = .fit(train)
    channelMean = .fit(train)
    channelStandard = .fit(train)
    principal = .fit(train)
    whitened = Whitening(principal, epsilon: epsilon)
    pixelStandard = .fit(train)
  }

  subscript(method: Method) -> any Preprocessing {
    switch method {
    case .raw: AsTheyAre()
    case .meanImage: meanImage
    case .channelMean: channelMean
    case .channelStandard: channelStandard
    case .principal: principal
    case .whitened: whitened
    case .pixelStandard: pixelStandard
    }
  }

  /// Those that are asked for, by method.
  func only(_ methods: [Method]) -> [Method: any Preprocessing] {
    Dictionary(uniqueKeysWithValues: methods.map { ($0, self[$0]) })
  }
}
