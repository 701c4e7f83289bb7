// The learner's own answers to exercises, for use in panels.

import Tensors

/// The learner's functions that replace those of the core; if a function is nil, the core computes.
///
/// `./workbook live 9.2` compiles an answer that has passed its checks for the page, together with a file of
/// `Browser/Answers`, which installs it before the panel opens. The workbook itself installs none: its numbers are the
/// reference for the learner's.
public struct LearnerAnswers {
  /// Exercise 1.4: weights and velocities from weights, gradients, velocities, η and μ, in the bowl panel.
  public var momentum: (([Float], [Float], [Float], Float, Float) -> (weights: [Float], velocities: [Float]))?
  /// Exercise 5.1: y from x, γ, β and ε, in the first norm of the batch panel.
  public var batchNorm: ((Tensor, Tensor, Tensor, Float) -> Tensor)?
  /// Exercise 9.2: y from x, weight, bias, stride and padding, in the window panel.
  public var convolution: ((Tensor, Tensor, Tensor, Int, Int) -> Tensor)?

  /// The answers with which new panels start. It is written once, before the first panel is created.
  nonisolated(unsafe) public static var installed = LearnerAnswers()
}
