// The table of operations that are layers: creates a layer from the attributes of a case.

import Workbook

/// One row of the table.
struct LayerRow: Sendable {
  /// Creates the layer. Arguments that the layer's initializer would reject are rejected here, with ``Skip``.
  var make: @Sendable (ConformanceCase, Safetensors) throws -> any Layer
  /// Whether the shape of the input does not matter.
  var isElementwise = false

  init(
    elementwise isElementwise: Bool = false,
    _ make: @escaping @Sendable (ConformanceCase, Safetensors) throws -> any Layer
  ) {
    self.make = make
    self.isElementwise = isElementwise
  }

  /// Operations by name.
  static let table: [String: LayerRow] = [
    // Products.
    "linear": LayerRow { test, file in
      let weight = try test.shape("weight", in: file, rank: 2)
      let sizes = [
        try test.whole("out_features", default: weight[0]), try test.whole("in_features", default: weight[1]),
      ]
      guard sizes == weight.dimensions else { throw Mismatch("weight: expected \(sizes), got \(weight)") }
      return Dense(sizes[1], sizes[0], bias: test.hasParameter("bias"))
    },
    "conv2d": LayerRow { test, file in
      let (weight, w) = (try test.shape("weight", in: file, rank: 4), try test.window())
      let groups = try test.whole("groups", default: 1)
      guard weight[0] % groups == 0, weight.count > 0 else {
        throw Skip("groups: \(weight[0]) channels cannot be divided into \(groups) groups")
      }
      return Conv2D(
        weight[1] * groups, weight[0], kernel: w.kernel, stride: w.stride, padding: w.padding, dilation: w.dilation,
        groups: groups, bias: test.hasParameter("bias"))
    },
    "maxout": LayerRow { test, file in
      let (inputs, outputs) = (try test.whole("in_features"), try test.whole("out_features"))
      let pieces = try test.whole("pieces", in: 1...1024)
      let weights = try test.size("weight", in: file)
      guard inputs * outputs * pieces == weights else {
        throw Mismatch("weight: \(weights) numbers are too few or too many")
      }
      return Maxout(inputs, outputs, pieces: pieces)
    },

    // Pooling.
    "avg_pool2d": LayerRow { test, _ in
      let w = try test.window()
      return AveragePool(
        w.kernel, stride: w.stride, padding: w.padding, dilation: w.dilation, roundsUp: w.roundsUp,
        countsPadding: test.flag("count_include_pad", default: true))
    },
    "max_pool2d": LayerRow { test, _ in
      let w = try test.window()
      return MaxPool(w.kernel, stride: w.stride, padding: w.padding, dilation: w.dilation, roundsUp: w.roundsUp)
    },

    "global_avg_pool": LayerRow { _, _ in GlobalAveragePool() },
    "global_max_pool": LayerRow { _, _ in GlobalMaxPool() },
    "adaptive_avg_pool2d": LayerRow { test, _ in
      let size = try test.extent("output_size")
      guard size.height <= 4096 && size.width <= 4096 else { throw Skip("output_size: \(size) is too large") }
      return AdaptiveAveragePool(size)
    },

    // Activations.
    "relu": LayerRow(elementwise: true) { _, _ in ReLU() },
    "sigmoid": LayerRow(elementwise: true) { _, _ in Sigmoid() },
    "tanh": LayerRow(elementwise: true) { _, _ in Tanh() },
    "leaky_relu": LayerRow(elementwise: true) { test, _ in
      LeakyReLU(slope: try test.float("negative_slope", default: 0.01))
    },
    "elu": LayerRow(elementwise: true) { test, _ in ELU(alpha: try test.float("alpha", default: 1)) },
    "selu": LayerRow(elementwise: true) { test, _ in
      SELU(
        alpha: try test.float("alpha", default: 1.6732632423543772),
        gamma: try test.float("gamma", default: 1.0507009873554805))
    },
    "gelu": LayerRow(elementwise: true) { test, _ in GELU(approximate: test.text("approximate") == "tanh") },
    "softplus": LayerRow(elementwise: true) { _, _ in Softplus() },
    "hard_sigmoid": LayerRow(elementwise: true) { test, _ in
      HardSigmoid(alpha: try test.float("alpha"), beta: try test.float("beta"))
    },
    "prelu": LayerRow { test, file in
      if test.features.contains("numpy_broadcast_slope") || test.text("broadcast") == "numpy" {
        throw Skip("numpy_broadcast_slope: PReLU here has one slope, or one for each channel")
      }
      return PReLU(channels: try test.size("weight", in: file))
    },
    "softmax": LayerRow { _, _ in Softmax() },
    "log_softmax": LayerRow { _, _ in LogSoftmax() },

    // Normalization.
    "batch_norm": LayerRow { test, file in
      BatchNorm(
        try test.size("weight", in: file), momentum: try test.float("momentum", default: 0.1, in: 1e-6...1),
        epsilon: try test.epsilon())
    },
    "group_norm": LayerRow { test, file in
      let (channels, groups) = (try test.size("weight", in: file), try test.whole("groups"))
      guard channels % groups == 0 else { throw Skip("groups: \(channels) channels, \(groups) groups") }
      return GroupNorm(channels, groups: groups, epsilon: try test.epsilon())
    },
    "instance_norm": LayerRow { test, file in
      InstanceNorm(try test.size("weight", in: file), epsilon: try test.epsilon())
    },
    "layer_norm": LayerRow { test, file in
      if test.features.contains("partial_axes") { throw Skip("partial_axes: LayerNorm here takes in a whole sample") }
      guard let shape = try test.wholes("normalized_shape") else { throw Skip("attribute normalized_shape is missing") }
      guard try test.shape("weight", in: file).dimensions == shape else {
        throw Skip("normalized_shape: not the weight's")
      }
      _ = try test.size("weight", in: file)
      return LayerNorm(Shape(shape), epsilon: try test.epsilon())
    },
    "lrn": LayerRow { test, _ in
      LocalResponseNorm(
        size: try test.whole("size"), alpha: try test.float("alpha", default: 1e-4),
        beta: try test.float("beta", default: 0.75), k: try test.float("k", default: 1))
    },

    // Residual blocks.
    "residual_basic_block": LayerRow { test, file in
      let weight = try test.shape("conv1.weight", in: file, rank: 4)
      guard weight.count > 0 else { throw Skip("conv1.weight: \(weight) has no elements") }
      return ResidualBlock.basic(
        weight[1], weight[0], stride: try test.whole("stride", default: 1), projection: test.flag("downsample"),
        momentum: try test.float("momentum", default: 0.1, in: 1e-6...1), epsilon: try test.epsilon())
    },
    "residual_bottleneck_block": LayerRow { test, file in
      let weight = try test.shape("conv1.weight", in: file, rank: 4)
      guard weight.count > 0 else { throw Skip("conv1.weight: \(weight) has no elements") }
      return ResidualBlock.bottleneck(
        weight[1], width: weight[0], expansion: try test.whole("expansion", default: 4, in: 1...64),
        stride: try test.whole("stride", default: 1), projection: test.flag("downsample"),
        momentum: try test.float("momentum", default: 0.1, in: 1e-6...1), epsilon: try test.epsilon())
    },

    // Regularization.
    "dropout": LayerRow(elementwise: true) { test, file in
      let rate = try test.float("p", default: 0.5, in: 0...0.999_999)
      guard test.flag("training") else { return Dropout(dropping: rate) }
      guard file["mask"] != nil else { throw Skip("the case gives no mask: its randomness cannot be repeated") }
      guard try test.size("mask", in: file) == test.size("x", in: file) else { throw Skip("mask and x differ in size") }
      return Dropout(dropping: rate, mask: try file.tensor("mask"))
    },
  ]
}

// Helpers shared by several rows.
extension ConformanceCase {
  /// The shape of a tensor in the file.
  func shape(_ name: String, in file: Safetensors, rank: Int? = nil) throws -> Shape {
    guard let entry = file[name] else { throw Mismatch("the file has no tensor \(name)") }
    if let rank, entry.shape.rank != rank {
      throw Skip("\(name): \(rank) axes expected, got \(entry.shape)")
    }
    return entry.shape
  }

  /// The number of elements of a tensor in the file, at least 1.
  func size(_ name: String, in file: Safetensors) throws -> Int {
    let shape = try shape(name, in: file)
    guard shape.count > 0 else { throw Skip("\(name): \(shape) has no elements") }
    return shape.count
  }

  /// Whether the case has a parameter: an optional bias may be missing.
  func hasParameter(_ name: String) -> Bool { names("parameters").contains(name) }

  func epsilon() throws -> Float { try float("eps", default: 1e-5, in: 0...1e6) }

  /// The window of a convolution or of pooling.
  func window() throws -> Window {
    let kernel = try extent("kernel")
    let pads = try wholes("pads", count: 4, in: 0...1 << 16) ?? [0, 0, 0, 0]
    return Window(
      kernel: kernel, stride: try extent("stride", default: 1),
      padding: Padding(top: pads[0], left: pads[1], bottom: pads[2], right: pads[3]),
      dilation: try extent("dilation", default: 1), roundsUp: flag("ceil_mode"))
  }
}
