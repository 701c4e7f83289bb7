// The error messages for classic mistakes with shapes, word for word.

import Testing
import Workbook

@testable import ch09_convolution

@Suite("Classic mistakes") struct ShapeMistakeTests {
  /// The messages, by the name of the mistake.
  static let expected: [String: String] = [
    "28×28 digits into a network for 32×32":
      "layer 8 fc1 (Dense): expects 400 features, receives [256]; Dense(256, 120) would accept them; "
      + "256 = 16·4·4; an input of [1, 32, 32] would give 16·5·5 = 400; so would padding 2 in conv1",
    "Padding on images that are padded already":
      "layer 8 fc1 (Dense): expects 400 features, receives [576]; Dense(576, 120) would accept them; "
      + "576 = 16·6·6; an input of [1, 28, 28] would give 16·5·5 = 400",
    "The batch among the axes of a sample":
      "layer 1 conv1 (Conv2D): expects [1, height, width], receives [32, 1, 32, 32] = 32768; "
      + "a sample has no batch axis: [1, 32, 32]",
    "An image without its batch axis":
      "Model: expects a batch [N, 1, 32, 32], receives [1, 32, 32] = 1024; "
      + "the batch axis is missing: a batch of one is [1, 1, 32, 32]",
    "Channels last":
      "layer 1 conv1 (Conv2D): expects [3, height, width], receives [227, 227, 3] = 154587; "
      + "the channels are last, but must come first: [3, 227, 227]",
    "Channels of the layer before forgotten":
      "layer 4 conv2 (Conv2D): expects [1, height, width], receives [6, 14, 14] = 1176; "
      + "the input has 6 channels, 1 is expected: Conv2D(6, 16, …) would accept them",
    "A kernel larger than what is left of the image":
      "layer 4 conv2 (Conv2D): expects an image of at least 5×5, receives [6, 4, 4] = 96; "
      + "output size (4 − 5)/1 + 1 = 0; an input of [1, 32, 32] would fit all layers",
    "Flatten forgotten":
      "layer 7 fc1 (Dense): expects 400 features, receives [16, 5, 5] = 400; "
      + "put Flatten() in front: 16·5·5 = 400",
    "The maps counted, not their pixels":
      "layer 8 fc1 (Dense): expects 16 features, receives [400]; Dense(400, 120) would accept them; "
      + "400 = 16·5·5; an input of [1, 16, 16] would give 16·1·1 = 16",
  ]

  @Test("every mistake is refused with the layer, both shapes and the arithmetic, and its mend fits")
  func all() throws {
    #expect(ShapeMistake.all.count == 9 && Set(ShapeMistake.all.map(\.name)) == Set(Self.expected.keys))
    #expect(ShapeMistake.shown.count == 7)
    for mistake in ShapeMistake.all {
      #expect(mistake.message == Self.expected[mistake.name] && mistake.isTold, "\(mistake.name)")
      try mistake.mended()
      #expect(!mistake.torch.line.isEmpty && !mistake.torch.message.isEmpty && !mistake.torch.mend.isEmpty)
    }
  }
}
