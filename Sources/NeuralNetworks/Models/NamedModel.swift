// All models of the workbook by name: for commands, benchmarks and tables.

import Tensors

/// A model of the workbook: its name, how to build it, and its image size.
///
///     let model = NamedModel.named("resnet18")
///     let network = try model?.model(seed: 1)
public struct NamedModel: Sendable {
  /// The name for commands, which is torchvision's if torchvision has the model: `vgg16_bn`.
  public let name: String
  /// The name in prose: `VGG-16 with batch normalization`.
  public let title: String
  /// The shape of one image.
  public let inputShape: Shape
  /// The number of classes of the published network.
  public let classes: Int
  /// The network for a given number of classes, with all weights 0.
  public let layers: @Sendable (_ classes: Int) -> Sequential

  /// The network with newly initialized weights.
  ///
  /// - Parameters:
  ///   - classes: the number of classes; by default that of the published network.
  ///   - input: the shape of one image; by default ``inputShape``.
  ///   - seed: the seed of the weights.
  /// - Throws: ``ShapeError`` if the input does not fit.
  public func model(classes: Int? = nil, input: Shape? = nil, seed: UInt64) throws(ShapeError) -> Model {
    try Model(layers(classes ?? self.classes), input: input ?? inputShape, seed: seed)
  }

  /// The model with the given name, or nil. Case, hyphens and underscores are ignored: `ResNet-18` is `resnet18`, and
  /// `LeNet-5++` is `lenet5plusplus`.
  public static func named(_ name: String) -> NamedModel? {
    all.first { simplified($0.name) == simplified(name) }
  }

  private static func simplified(_ name: String) -> String {
    String(name.lowercased().flatMap { $0 == "+" ? "plus" : "\($0)" }.filter { $0.isLetter || $0.isNumber })
  }

  /// All models, from small to large families.
  public static let all: [NamedModel] = lenets + alexNets + vggs + resNets

  private static let lenets = [
    ("lenet5", "LeNet-5", LeNet5.plain), ("lenet5plus", "LeNet-5+", .plus), ("lenet5plusplus", "LeNet-5++", .plusPlus),
    ("lenet5table", "LeNet-5 with the connections of 1998", LeNet5(connections: .table)),
  ].map { name, title, net in
    NamedModel(name: name, title: title, inputShape: LeNet5.inputShape, classes: 10) { classes in
      var net = net
      net.classes = classes
      return net.layers
    }
  }

  private static let alexNets = [
    NamedModel(name: "alexnet", title: "AlexNet, torchvision's", inputShape: AlexNet.inputShape, classes: 1000) {
      AlexNet(classes: $0).layers
    },
    NamedModel(name: "alexnet_lecture", title: "AlexNet, the lecture's", inputShape: [3, 227, 227], classes: 1000) {
      AlexNet.lecture(classes: $0)
    },
    NamedModel(name: "alexnet_towers", title: "AlexNet, two towers", inputShape: [3, 227, 227], classes: 1000) {
      AlexNet.lecture(towers: 2, classes: $0)
    },
  ]

  private static let vggs = [("11", VGG.vgg11), ("13", .vgg13), ("16", .vgg16), ("19", .vgg19)].flatMap { depth, net in
    [false, true].map { isNormalized in
      NamedModel(
        name: "vgg\(depth)" + (isNormalized ? "_bn" : ""),
        title: "VGG-\(depth)" + (isNormalized ? " with batch normalization" : ""), inputShape: VGG.inputShape,
        classes: 1000
      ) { classes in
        var net = isNormalized ? net.withBatchNorm : net
        net.classes = classes
        return net.layers
      }
    }
  }

  private static let resNets = [
    ("18", ResNet.resnet18), ("34", .resnet34), ("50", .resnet50), ("101", .resnet101), ("152", .resnet152),
  ].map { depth, net in
    NamedModel(name: "resnet\(depth)", title: "ResNet-\(depth)", inputShape: ResNet.inputShape, classes: 1000) {
      classes in
      var net = net
      net.classes = classes
      return net.layers
    }
  }
}
