// The classic mistakes with shapes, each to be made and mended on purpose.

import Workbook

/// A mistake that nearly everybody makes once with LeNet-5 or AlexNet: what it is, how to make it, how to mend it.
///
///     for mistake in ShapeMistake.all { print(mistake.name, mistake.message, mistake.torch.mend, separator: "\n") }
///
/// Nothing is trained and nothing stops the program: a description that does not fit throws ``ShapeError``.
struct ShapeMistake: Sendable {
  /// The mistake in a few words: `28×28 digits into a network for 32×32`.
  let name: String
  /// The same in PyTorch, what it says to a batch of 64, and what is right instead.
  var torch: (line: String, message: String, mend: String) { Self.torchWords[name] ?? ("", "", "") }
  /// Checks the wrong network.
  let attempt: @Sendable () throws(ShapeError) -> Void
  /// Checks the mended network.
  let mended: @Sendable () throws(ShapeError) -> Void

  /// What the refusal says; empty if nothing was refused, which a test rules out.
  var message: String {
    do throws(ShapeError) { try attempt() } catch { return error.description }
    return ""
  }

  /// Whether the message names the layer, what it expects, what it gets, and the arithmetic that mends it.
  var isTold: Bool {
    do throws(ShapeError) {
      try attempt()
      return false
    } catch {
      return !error.kind.isEmpty && !error.expected.isEmpty && !error.arithmetic.isEmpty
    }
  }

  /// All of them, in the order in which a network is read.
  static let all: [ShapeMistake] = [
    ShapeMistake(
      name: "28×28 digits into a network for 32×32",
      attempt: { () throws(ShapeError) in try check(lenet(), [1, 28, 28]) },
      mended: { () throws(ShapeError) in
        try check(lenet { $0["conv1"] = Conv2D(1, 6, kernel: 5, padding: 2) }, [1, 28, 28])
      }),
    ShapeMistake(
      name: "Padding on images that are padded already",
      attempt: { () throws(ShapeError) in
        try check(lenet { $0["conv1"] = Conv2D(1, 6, kernel: 5, padding: 2) }, [1, 32, 32])
      },
      mended: { () throws(ShapeError) in try check(lenet(), [1, 32, 32]) }),
    ShapeMistake(
      name: "The batch among the axes of a sample",
      attempt: { () throws(ShapeError) in try check(lenet(), [32, 1, 32, 32]) },
      mended: { () throws(ShapeError) in try check(lenet(), [1, 32, 32]) }),
    ShapeMistake(
      name: "An image without its batch axis",
      attempt: { () throws(ShapeError) in
        try Model(lenet(), input: [1, 32, 32], seed: 1).check(batch: [1, 32, 32])
      },
      mended: { () throws(ShapeError) in
        try Model(lenet(), input: [1, 32, 32], seed: 1).check(batch: [1, 1, 32, 32])
      }),
    ShapeMistake(
      name: "Channels last",
      attempt: { () throws(ShapeError) in try check(alexNet(), [227, 227, 3]) },
      mended: { () throws(ShapeError) in try check(alexNet(), [3, 227, 227]) }),
    ShapeMistake(
      name: "Channels of the layer before forgotten",
      attempt: { () throws(ShapeError) in
        try check(lenet { $0["conv2"] = Conv2D(1, 16, kernel: 5) }, [1, 32, 32])
      },
      mended: { () throws(ShapeError) in try check(lenet(), [1, 32, 32]) }),
    ShapeMistake(
      name: "A kernel larger than what is left of the image",
      attempt: { () throws(ShapeError) in try check(lenet(), [1, 12, 12]) },
      mended: { () throws(ShapeError) in
        try check(
          lenet {
            $0["conv1"] = Conv2D(1, 6, kernel: 5, padding: 2)
            $0["conv2"] = Conv2D(6, 16, kernel: 5, padding: 2)
            $0["fc1"] = Dense(16 * 3 * 3, 120)
          }, [1, 12, 12])
      }),
    ShapeMistake(
      name: "Flatten forgotten",
      attempt: { () throws(ShapeError) in
        try check(Sequential(lenet().entries.filter { $0.name != "flatten" }), [1, 32, 32])
      },
      mended: { () throws(ShapeError) in try check(lenet(), [1, 32, 32]) }),
    ShapeMistake(
      name: "The maps counted, not their pixels",
      attempt: { () throws(ShapeError) in try check(lenet { $0["fc1"] = Dense(16, 120) }, [1, 32, 32]) },
      mended: { () throws(ShapeError) in try check(lenet { $0["fc1"] = Dense(16 * 5 * 5, 120) }, [1, 32, 32]) }),
  ]

  /// PyTorch's words, by the name of the mistake, for `lenet` with the sizes of the page's table.
  private static let torchWords: [String: (line: String, message: String, mend: String)] = [
    "28×28 digits into a network for 32×32": (
      "lenet(torch.zeros(64, 1, 28, 28))", "mat1 and mat2 shapes cannot be multiplied (64x256 and 400x120)",
      "Pad the images by 2, or the first convolution: `nn.Conv2d(1, 6, 5, padding=2)`."
    ),
    "Padding on images that are padded already": (
      "nn.Conv2d(1, 6, 5, padding=2)  # for images of 32×32",
      "mat1 and mat2 shapes cannot be multiplied (64x576 and 400x120)",
      "Images of 32×32 have their border already: use no padding."
    ),
    "The batch among the axes of a sample": (
      "lenet(torch.zeros(64, 32, 1, 32, 32))",
      "Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: [64, 32, 1, 32, 32]",
      "The batch is one axis, the first: [64, 1, 32, 32]."
    ),
    "An image without its batch axis": (
      "lenet(image)  # [1, 32, 32]", "mat1 and mat2 shapes cannot be multiplied (16x25 and 400x120)",
      "A batch of one is [1, 1, 32, 32]: `lenet(image[None])`."
    ),
    "Channels last": (
      "nn.Conv2d(3, 96, 11, stride=4)(torch.zeros(64, 227, 227, 3))",
      "Given groups=1, weight of size [96, 3, 11, 11], expected input[64, 227, 227, 3] to have 3 channels, but got 227 channels instead",
      "Channels come first: `images.permute(0, 3, 1, 2)`."
    ),
    "Channels of the layer before forgotten": (
      "nn.Conv2d(1, 16, 5)  # as the second convolution",
      "Given groups=1, weight of size [16, 1, 5, 5], expected input[64, 6, 14, 14] to have 1 channels, but got 6 channels instead",
      "The second convolution takes the six maps of the first: `nn.Conv2d(6, 16, 5)`."
    ),
    "A kernel larger than what is left of the image": (
      "lenet(torch.zeros(64, 1, 12, 12))",
      "Calculated padded input size per channel: (4 x 4). Kernel size: (5 x 5). Kernel size can't be greater than actual input size",
      "Every stage shrinks the image. Use a larger image, padding, or one stage less."
    ),
    "Flatten forgotten": (
      "nn.MaxPool2d(2), nn.Linear(400, 120)", "mat1 and mat2 shapes cannot be multiplied (5120x5 and 400x120)",
      "A dense layer takes vectors: put `nn.Flatten()` between the two."
    ),
    "The maps counted, not their pixels": (
      "nn.Linear(16, 120)  # 120 filters of 5×5 in 1998",
      "mat1 and mat2 shapes cannot be multiplied (64x400 and 16x120)",
      "After Flatten every pixel of every map is a feature: `nn.Linear(16 * 5 * 5, 120)`."
    ),
  ]
  /// The mistakes that the page shows in full.
  static let shown = all.filter {
    [
      "28×28 digits into a network for 32×32", "Padding on images that are padded already", "Channels last",
      "Channels of the layer before forgotten", "A kernel larger than what is left of the image", "Flatten forgotten",
      "The maps counted, not their pixels",
    ].contains($0.name)
  }

  /// Checks a network, without drawing weights or running it.
  private static func check(
    _ layers: Sequential, _ input: Shape = LeNet5.inputShape, change: (inout Sequential) -> Void = { _ in }
  ) throws(ShapeError) {
    var layers = layers
    change(&layers)
    _ = try layers.outputShape(for: input)
  }

  /// LeNet-5 with a change.
  private static func lenet(_ change: (inout Sequential) -> Void = { _ in }) -> Sequential {
    var layers = LeNet5.plain.layers
    change(&layers)
    return layers
  }

  /// The lecture's AlexNet up to its first dense layer, which has few units here: they save 300 MB.
  private static func alexNet() -> Sequential {
    Sequential([
      "conv1": Conv2D(3, 96, kernel: 11, stride: 4), "pool1": MaxPool(3, stride: 2),
      "conv2": Conv2D(96, 256, kernel: 5, padding: 2), "pool2": MaxPool(3, stride: 2),
      "conv3": Conv2D(256, 384, kernel: 3, padding: 1), "conv4": Conv2D(384, 384, kernel: 3, padding: 1),
      "conv5": Conv2D(384, 256, kernel: 3, padding: 1), "pool3": MaxPool(3, stride: 2),
      "flatten": Flatten(), "fc6": Dense(9216, 10),
    ])
  }
}
