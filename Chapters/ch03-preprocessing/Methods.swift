// The ways to prepare inputs that the chapter compares, by name.

import Workbook

/// Nothing at all: pixels from 0 to 1.
struct AsTheyAre: Preprocessing {
  var name: String { "raw" }
  static func fit(_ train: Tensor) -> AsTheyAre { AsTheyAre() }
  func apply(to inputs: inout Tensor) {}
}

/// Raw, and the five ways of the chapter.
enum Method: Int, Sendable, CaseIterable {
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

  /// Who made it known.
  var user: String {
    switch self {
    case .raw: ""
    case .meanImage: "AlexNet"
    case .channelMean: "VGG"
    case .channelStandard: "ResNet"
    case .principal, .whitened: ""
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

/// Fits every method once; principal components, which take longest, serve for whitening too.
func fitAll(_ train: Tensor, epsilon: Float = 0.01) -> [Method: any Preprocessing] {
  let principal = PrincipalComponents.fit(train)
  return Dictionary(
    uniqueKeysWithValues: Method.allCases.map { method in
      switch method {
      case .principal: (method, principal)
      case .whitened: (method, Whitening(principal, epsilon: epsilon))
      default: (method, method.fit(train))
      }
    })
}
