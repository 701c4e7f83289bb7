// Data augmentation: each time a training image is used, it is changed slightly at random.

import Tensors

/// A random or deterministic change of one image.
///
/// Images are [C, H, W] with values from 0 to 1, before standardization and without a border. The size does not change.
public protocol ImageOperation: Sendable {
  /// The name for captions: `shift by up to 2`.
  var name: String { get }

  /// Changes `image`, [C, H, W] with values from 0 to 1.
  ///
  /// - Parameters:
  ///   - image: the image, changed in place; its shape stays the same.
  ///   - generator: the only source of randomness.
  func apply(to image: inout Tensor, using generator: inout SeededGenerator)
}

/// A pipeline of image operations for the images of a training set.
///
///     trainer.augmentation = Augmentation([RandomShift(by: 2), RandomRotation(degrees: 10)])
///
/// The operations must preserve the label: a shifted 6 is still a 6, but a mirrored 6 is not a digit, and a 6 rotated
/// by 180° is a 9. Test images are never augmented.
///
/// - Source: Simard, Steinkraus and Platt 2003, doi:10.1109/ICDAR.2003.1227801; Krizhevsky et al. 2012, section 4.1;
///   Cubuk et al. 2019, "AutoAugment", table 6.
public struct Augmentation: ImageOperation {
  /// The operations, in the order in which they are applied.
  public var operations: [any ImageOperation]

  /// Creates a pipeline.
  public init(_ operations: [any ImageOperation]) { self.operations = operations }

  public var name: String { operations.map(\.name).joined(separator: ", ") }

  public func apply(to image: inout Tensor, using generator: inout SeededGenerator) {
    demand(image.shape.rank == 3, "Augmentation: an image is [C, H, W], got \(image.shape)")
    let shape = image.shape
    for operation in operations { operation.apply(to: &image, using: &generator) }
    demand(image.shape == shape, "Augmentation: \(name): expects to keep \(shape), got \(image.shape)")
  }

  /// The changed image.
  public func applied(to image: Tensor, using generator: inout SeededGenerator) -> Tensor {
    var result = image
    apply(to: &result, using: &generator)
    return result
  }

  /// Changes each image of a batch [N, C, H, W] with values from 0 to 1.
  ///
  /// Each image has its own random stream, so the result does not depend on the number of threads.
  public func apply(toBatch images: inout Tensor, using generator: inout SeededGenerator) {
    demand(images.shape.rank == 4, "Augmentation: images are [N, C, H, W], got \(images.shape)")
    let (seed, shape) = (generator.next(), images.shape.withoutBatch)
    let size = shape.count
    let count = images.shape[0]
    images.withUnsafeMutableElements { elements in
      guard let base = elements.baseAddress else { return }
      Parallel.forEach(chunks: count, on: base) { n, base in
        var stream = SeededGenerator(seed: seed, stream: UInt64(n))
        var image = Tensor(shape, Array(UnsafeBufferPointer(start: base + n * size, count: size)))
        apply(to: &image, using: &stream)
        image.withUnsafeElements { for i in 0..<size { base[n * size + i] = $0[i] } }
      }
    }
  }
}

/// An operation that is applied with some probability.
public struct Sometimes: ImageOperation {
  /// The probability, 0 … 1.
  public let probability: Float
  /// The operation.
  public let operation: any ImageOperation

  /// Creates an operation that is applied with `probability`, 0 … 1.
  public init(_ probability: Float, _ operation: any ImageOperation) {
    demand((0...1).contains(probability), "Sometimes: a probability lies in 0…1, got \(probability)")
    self.probability = probability
    self.operation = operation
  }

  public var name: String { "\(operation.name) with probability \(probability)" }

  public func apply(to image: inout Tensor, using generator: inout SeededGenerator) {
    if generator.nextUniform() < probability { operation.apply(to: &image, using: &generator) }
  }
}

/// One of several operations, each equally likely.
///
/// - Source: Cubuk et al. 2020, "RandAugment".
public struct OneOf: ImageOperation {
  /// The choices, at least one.
  public let operations: [any ImageOperation]

  /// Creates a choice among `operations`, at least one.
  public init(_ operations: [any ImageOperation]) {
    demand(!operations.isEmpty, "OneOf: expects at least 1 operation, got 0")
    self.operations = operations
  }

  public var name: String { "one of " + operations.map(\.name).joined(separator: ", ") }

  public func apply(to image: inout Tensor, using generator: inout SeededGenerator) {
    operations[generator.nextInt(below: operations.count)].apply(to: &image, using: &generator)
  }
}
