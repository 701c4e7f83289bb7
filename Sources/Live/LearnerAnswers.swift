// The reader's own answers to exercises, in the places where panels use them.

import Tensors

/// The reader's functions in the place of the core's; where there is none, the core computes.
///
/// `./workbook live 9.2` compiles an answer that has passed its checks for the page, and a file of `Browser/Answers`, which
/// installs it before the panel opens. The workbook itself installs none: its numbers are what the reader's are held
/// against.
public struct Mine {
  /// 1.4: weights and velocities from weights, gradients, velocities, η and μ, in the bowl.
  public var momentum: (([Float], [Float], [Float], Float, Float) -> (weights: [Float], velocities: [Float]))?
  /// 5.1: y from x, γ, β and ε, in the batch's first norm.
  public var batchNorm: ((Tensor, Tensor, Tensor, Float) -> Tensor)?
  /// 9.2: y from x, weight, bias, stride and padding, in the window.
  public var convolution: ((Tensor, Tensor, Tensor, Int, Int) -> Tensor)?

  /// Those that panels begin with. Written once, before there is one.
  nonisolated(unsafe) public static var installed = Mine()
}
