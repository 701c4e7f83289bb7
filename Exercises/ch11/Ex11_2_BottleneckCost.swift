// Exercise 11.2: Bottleneck cost. Chapter 11, "The bottleneck".

import ExerciseKit

/// Exercise 11.2 · Bottleneck cost.
public enum Ex11_2_BottleneckCost: Ex11_2 {
  /// Returns the number of weights of each convolution of a bottleneck block: 1×1 from `inputs` to `width` channels,
  /// 3×3 from `width` to `width`, 1×1 from `width` to `expansion`·`width`, and the 1×1 of the shortcut.
  ///
  /// The shortcut has a convolution only if the input cannot be added directly: if the stride is not 1, or if the
  /// number of channels changes. No layer has biases.
  ///
  /// - Parameters:
  ///   - inputs: the number of input channels.
  ///   - width: the number of channels of the 3×3 convolution.
  ///   - expansion: the number of output channels divided by `width`; 4 in ResNet.
  ///   - stride: the stride of the 3×3 convolution and of the shortcut.
  /// - Returns: four numbers, the last 0 if the shortcut has no convolution; for 256, 64, 4 and stride 1 they are
  ///   `[16384, 36864, 16384, 0]`.
  /// - Source: He et al. 2016, arXiv:1512.03385, figure 5 and option B of section 4.1.
  public static func weights(inputs: Int, width: Int, expansion: Int, stride: Int) throws -> [Int] {
    throw Unsolved("11.2 Bottleneck cost")
  }

  /// Returns the multiply-adds of the block for one image.
  ///
  /// Every weight is used once for each pixel of its layer's output. The first 1×1 convolution works on all side² pixels;
  /// the 3×3 has the stride, so that it, the second 1×1 and the shortcut produce (side/stride)² pixels.
  ///
  /// - Parameters:
  ///   - inputs: the number of input channels.
  ///   - width: the number of channels of the 3×3 convolution.
  ///   - expansion: the number of output channels divided by `width`.
  ///   - stride: 1, or 2 at the start of a stage.
  ///   - side: the image's height and width; a multiple of the stride.
  /// - Returns: the sum over all convolutions of the block.
  public static func multiplyAdds(inputs: Int, width: Int, expansion: Int, stride: Int, side: Int) throws -> Int {
    throw Unsolved("11.2 Bottleneck cost")
  }
}
