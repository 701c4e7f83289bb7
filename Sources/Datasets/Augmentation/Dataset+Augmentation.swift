// Augmented batches of images that are stored as bytes.

import Tensors

extension Dataset {
  /// Fills `batch` with the samples at `indices`, each changed by `augmentation`, then standardized and padded.
  ///
  /// The operations apply to the stored image, with values from 0 to 1 and without its border, because standardized
  /// values no longer have a fixed range.
  public func load(
    _ indices: ArraySlice<Int>, into batch: inout Batch, augmentedBy augmentation: Augmentation,
    using generator: inout SeededGenerator
  ) {
    let seed = generator.next()
    let size = sampleShape.count
    batch.inputs.resize(to: sampleShape.batched(indices.count))
    batch.labels.removeAll(keepingCapacity: true)
    for index in indices { batch.labels.append(Int(labels[index])) }
    batch.inputs.withUnsafeMutableElements { output in
      guard let output = output.baseAddress else { return }
      Parallel.forEach(chunks: indices.count, on: output) { n, output in
        var stream = SeededGenerator(seed: seed, stream: UInt64(n))
        var image = picture(indices[indices.startIndex + n])
        augmentation.apply(to: &image, using: &stream)
        write(image, to: output + n * size)
      }
    }
  }

  /// One image, [C, H, W], with values from 0 to 1: the input of an augmentation.
  public func picture(_ index: Int) -> Tensor {
    let size = imageShape.count
    return Tensor(imageShape, pixels[index * size..<(index + 1) * size].map { Float($0) * (1 / 255) })
  }

  /// Applies `transform` to an image with values from 0 to 1 and writes the result, including the border.
  private func write(_ image: Tensor, to output: UnsafeMutablePointer<Float>) {
    let (channels, height, width) = (imageShape[0], imageShape[1], imageShape[2])
    let padding = transform.padding
    let outWidth = width + 2 * padding
    let outPlane = (height + 2 * padding) * outWidth
    image.withUnsafeElements { input in
      for channel in 0..<channels {
        let mean = transform.mean[channel % transform.mean.count]
        let scale = transform.scale(channel: channel % transform.mean.count)
        let plane = output + channel * outPlane
        let border = transform.padsAfterShift ? 0 : -mean * scale
        for i in 0..<outPlane { plane[i] = border }
        for row in 0..<height {
          let line = plane + (row + padding) * outWidth + padding
          let source = (channel * height + row) * width
          for column in 0..<width { line[column] = (input[source + column] - mean) * scale }
        }
      }
    }
  }
}
