// Labelled images in memory, and batches of them.

import Tensors

/// Labelled images, stored with one byte for each value and converted to floats batch by batch.
///
/// 60,000 padded MNIST images would take 245 MB as floats; as bytes they take 47 MB.
public struct Dataset: Sendable {
  /// The name for captions: `MNIST`, `synthetic digits`.
  public var name: String
  /// The pixels, 0 … 255, sample after sample in `imageShape` order.
  public var pixels: [UInt8]
  /// The class of each sample.
  public var labels: [UInt8]
  /// The shape of one stored image, [C, H, W].
  public var imageShape: Shape
  /// The number of classes.
  public var classCount: Int
  /// The transform that is applied when pixels are loaded into a batch.
  public var transform: PixelTransform

  /// Creates a data set.
  ///
  /// - Precondition: `pixels.count == labels.count * imageShape.count`, and every label is below `classCount`.
  public init(
    name: String, pixels: [UInt8], labels: [UInt8], imageShape: Shape, classCount: Int,
    transform: PixelTransform = PixelTransform()
  ) {
    demand(
      pixels.count == labels.count * imageShape.count,
      "Dataset: \(labels.count) images \(imageShape) need \(labels.count * imageShape.count) pixels, got \(pixels.count)"
    )
    demand(imageShape.rank == 3, "Dataset: an image is [C, H, W], got \(imageShape)")
    self.name = name
    self.pixels = pixels
    self.labels = labels
    self.imageShape = imageShape
    self.classCount = classCount
    self.transform = transform
  }

  /// The number of samples.
  public var count: Int { labels.count }

  /// The shape of one sample of a batch: the image with its border, [C, H + 2·padding, W + 2·padding].
  public var sampleShape: Shape {
    Shape(imageShape[0], imageShape[1] + 2 * transform.padding, imageShape[2] + 2 * transform.padding)
  }

  /// The first `count` samples, as a smaller data set.
  public func prefix(_ count: Int) -> Dataset {
    var part = self
    let kept = min(count, self.count)
    part.pixels = Array(pixels.prefix(kept * imageShape.count))
    part.labels = Array(labels.prefix(kept))
    return part
  }

  /// Fills `batch` with the transformed samples at `indices`; allocates memory only when the batch grows.
  public func load(_ indices: ArraySlice<Int>, into batch: inout Batch) {
    batch.inputs.resize(to: sampleShape.batched(indices.count))
    batch.labels.removeAll(keepingCapacity: true)
    for index in indices { batch.labels.append(Int(labels[index])) }
    let size = sampleShape.count
    batch.inputs.withUnsafeMutableElements { output in
      pixels.withUnsafeBufferPointer { input in
        indices.withUnsafeBufferPointer { indices in
          guard let output = output.baseAddress, let input = input.baseAddress else { return }
          // Each sample is loaded by the core that will compute with it.
          Parallel.forEach(chunks: indices.count, on: (indices, input, output)) { place, memory in
            let (indices, input, output) = memory
            transformPixels(input + indices[place] * imageShape.count, into: output + place * size)
          }
        }
      }
    }
  }

  /// Transforms the pixels of one sample.
  private func transformPixels(_ input: UnsafePointer<UInt8>, into output: UnsafeMutablePointer<Float>) {
    let (channels, height, width) = (imageShape[0], imageShape[1], imageShape[2])
    let padding = transform.padding
    let (outHeight, outWidth) = (height + 2 * padding, width + 2 * padding)
    var output = output
    for channel in 0..<channels {
      let c = channel % transform.mean.count
      let (mean, scale) = (transform.mean[c], transform.scale(channel: c))
      // The border contains transformed black pixels, unless it is added as zeros after the shift.
      let border = transform.padsAfterShift ? 0 : -mean * scale
      let plane = input + channel * height * width
      for y in 0..<outHeight {
        let row = y - padding
        if row < 0 || row >= height {
          output.update(repeating: border, count: outWidth)
        } else {
          output.update(repeating: border, count: padding)
          (output + (outWidth - padding)).update(repeating: border, count: padding)
          let (source, target) = (plane + row * width, output + padding)
          for x in 0..<width { target[x] = (Float(source[x]) * (1 / 255) - mean) * scale }
        }
        output += outWidth
      }
    }
  }

  /// The samples at `indices` as a new batch.
  public func batch(_ indices: ArraySlice<Int>) -> Batch {
    var batch = Batch()
    load(indices, into: &batch)
    return batch
  }

  /// The first `count` samples as a new batch.
  public func batch(first count: Int) -> Batch { batch(Array(0..<min(count, self.count))[...]) }
}

/// The transform of a pixel when it is loaded into a batch: x = (pixel/255 − mean) / std, inside a border of `padding`.
public struct PixelTransform: Hashable, Sendable {
  /// The mean of each channel on the scale 0 … 1; a single number applies to all channels.
  public var mean: [Float]
  /// The standard deviation of each channel on the scale 0 … 1.
  public var standardDeviation: [Float]
  /// The width of the border added on each side.
  public var padding: Int
  /// Whether the border is 0 (added after the shift) instead of transformed black pixels.
  public var padsAfterShift: Bool

  /// Creates a transform; the default only scales pixels to the range from 0 to 1.
  public init(
    mean: [Float] = [0], standardDeviation: [Float] = [1], padding: Int = 0, padsAfterShift: Bool = false
  ) {
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.padding = padding
    self.padsAfterShift = padsAfterShift
  }

  /// The factor 1/std of one channel.
  func scale(channel: Int) -> Float { 1 / standardDeviation[channel % standardDeviation.count] }
}

/// A batch of samples for a network.
public struct Batch: Sendable {
  /// The inputs, [N, C, H, W].
  public var inputs: Tensor
  /// The class of each input; empty in regression.
  public var labels: [Int]
  /// The desired output for each input, [N, …]; empty in classification.
  public var values: Tensor

  /// Creates a batch, empty by default.
  public init(inputs: Tensor = .empty, labels: [Int] = [], values: Tensor = .empty) {
    self.inputs = inputs
    self.labels = labels
    self.values = values
  }

  /// The number of samples.
  public var count: Int { inputs.shape[0] }
}
