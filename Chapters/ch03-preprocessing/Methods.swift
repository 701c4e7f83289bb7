// The ways to prepare inputs that the chapter compares, by name.

import Workbook

/// Nothing at all: pixels from 0 to 1.
struct AsTheyAre: Preprocessing {
  var name: String { "raw" }
  static func fit(_ train: Tensor) -> AsTheyAre { AsTheyAre() }
  func apply(to inputs: inout Tensor) {}
}

/// Raw, and the five ways of the chapter.
enum Method: Int, Codable, Sendable, CaseIterable {
  case raw, meanImage, channelMean, channelStandard, principal, whitened

  /// As figures call it.
  var name: String {
    switch self {
    case .raw: "raw"
    case .meanImage: "mean image"
    case .channelMean: "channel mean"
    case .channelStandard: "mean and std"
    case .principal: "PCA"
    case .whitened: "whitened"
    }
  }

  // snippet: fit
  /// Learns what the method needs, from training inputs [N, C, H, W] and nothing else.
  func fit(_ train: Tensor, epsilon: Float = 0.01) -> any Preprocessing {
    switch self {
    case .raw: AsTheyAre()
    case .meanImage: MeanImage.fit(train)
    case .channelMean: ChannelMean.fit(train)
    case .channelStandard: ChannelStandardization.fit(train)
    case .principal: PrincipalComponents.fit(train)
    case .whitened: Whitening.fit(train, epsilon: epsilon)
    }
  }
  // snippet.end
}

/// Every method, fitted on the same images, each as what it is.
struct Fits: Sendable {
  let meanImage: MeanImage
  let channelMean: ChannelMean
  let channelStandard: ChannelStandardization
  let principal: PrincipalComponents
  let whitened: Whitening

  /// Fits every method once; principal components, which take longest, serve for whitening too.
  init(_ train: Tensor, epsilon: Float = 0.01) {
    meanImage = .fit(train)
    channelMean = .fit(train)
    channelStandard = .fit(train)
    principal = .fit(train)
    whitened = Whitening(principal, epsilon: epsilon)
  }

  subscript(method: Method) -> any Preprocessing {
    switch method {
    case .raw: AsTheyAre()
    case .meanImage: meanImage
    case .channelMean: channelMean
    case .channelStandard: channelStandard
    case .principal: principal
    case .whitened: whitened
    }
  }

  /// Those that are asked for, by method.
  func only(_ methods: [Method]) -> [Method: any Preprocessing] {
    Dictionary(uniqueKeysWithValues: methods.map { ($0, self[$0]) })
  }
}
