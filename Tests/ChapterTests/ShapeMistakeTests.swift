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
    "A stride of 0":
      "layer 3 pool1 (AveragePool): expects a stride of at least 1×1, receives [6, 28, 28] = 4704; "
      + "with stride 0×0 the window never moves",
    "Groups that do not divide the channels":
      "layer 3 conv2 (Conv2D): expects groups that divide 96 input and 256 output channels, receives [96, 27, 27] = 69984; "
      + "3 groups do not divide 256 output channels: 256 = 85·3 + 1",
    "Normalization for the channels before the convolution":
      "layer 6 bn2 (BatchNorm): expects [6] or [6, height, width], receives [16, 10, 10] = 1600; "
      + "the input has 16 channels, 6 are expected: BatchNorm(16) would accept them",
    "Flatten forgotten":
      "layer 7 fc1 (Dense): expects 400 features, receives [16, 5, 5] = 400; "
      + "put Flatten() in front: 16·5·5 = 400",
    "The maps counted, not their pixels":
      "layer 8 fc1 (Dense): expects 16 features, receives [400]; Dense(400, 120) would accept them; "
      + "400 = 16·5·5; an input of [1, 16, 16] would give 16·1·1 = 16",
    "Two dense layers that do not meet":
      "layer 10 fc2 (Dense): expects 100 features, receives [120]; Dense(120, 84) would accept them",
    "AlexNet with the 224×224 that the paper prints":
      "layer 10 fc6 (Dense): expects 9216 features, receives [6400]; Dense(6400, 4096) would accept them; "
      + "6400 = 256·5·5; an input of [3, 227, 227] would give 256·6·6 = 9216; so would padding 2 in conv1; "
      + "in conv1 (224 − 11)/4 + 1 = 54.25 was rounded down",
    "A residual block that halves the image, with the identity as its shortcut":
      "layer 1 block (ResidualBlock): expects a shortcut of shape [128, 28, 28], receives [64, 56, 56] = 200704; "
      + "residual and shortcut are added; "
      + "a 1×1 convolution with the residual's stride in the shortcut would make them equal",
  ]

  @Test("every mistake is refused with the layer, both shapes and the arithmetic, and its mend fits")
  func all() throws {
    #expect(ShapeMistake.all.count >= 10 && Set(ShapeMistake.all.map(\.name)) == Set(Self.expected.keys))
    #expect(ShapeMistake.shown.count == 7)
    for mistake in ShapeMistake.all {
      #expect(mistake.message == Self.expected[mistake.name] && mistake.isTold, "\(mistake.name)")
      try mistake.mended()
      #expect(!mistake.torch.line.isEmpty && !mistake.torch.message.isEmpty && !mistake.torch.mend.isEmpty)
    }
  }
}
