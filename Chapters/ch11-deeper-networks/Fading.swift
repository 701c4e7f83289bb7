// An addition that fades out during training: residual at first, plain in the end.

import Foundation
import Workbook

/// From which time to which an addition fades out, in epochs.
struct Fading: Hashable, Codable, Sendable {
  var from: Int
  var to: Int

  /// What is left of the addition at a time: 1, then less from step to step, then 0.
  func share(at time: Double) -> Float {
    Float(min(1, max(0, (Double(to) - time) / Double(to - from))))
  }
}

/// y = max(0, a·x + F(x)): a residual block whose addition has the factor a.
struct FadingBlock: Layer {
  /// F.
  var branch: Sequential
  /// a, one number. It is no parameter: the course of the training sets it.
  private var share: Tensor
  private var branchOutput = Tensor.empty
  private var sumGradient = Tensor.empty

  init(_ branch: Sequential) {
    self.branch = branch
    share = Tensor(zeros: [1])
    share.fill(1)
  }

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { try branch.outputShape(for: input) }

  mutating func initialize(using generator: inout SeededGenerator) { branch.initialize(using: &generator) }

  /// y = max(0, a·x + F(x)). With a = 1 the block is residual, with a = 0 it is plain.
  mutating func forward(
    _ input: Tensor, into output: inout Tensor, in pass: inout Pass
  ) {
    branch.forward(input, into: &branchOutput, in: &pass)
    let a = share.elements[0]
    output.resize(to: branchOutput.shape)
    output.withUnsafeMutableElements { y in
      input.withUnsafeElements { x in
        branchOutput.withUnsafeElements { f in
          for i in 0..<y.count {
            let sum = a * x[i] + f[i]
            y[i] = sum < 0 ? 0 : sum
          }
        }
      }
    }
  }

  /// ∂L/∂x = a·g + F′(x)ᵀg, where g is ∂L/∂y where y > 0, and 0 elsewhere.
  mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor,
    into inputGradient: inout Tensor
  ) {
    sumGradient.resize(to: output.shape)
    sumGradient.withUnsafeMutableElements { g in
      outputGradient.withUnsafeElements { dy in
        output.withUnsafeElements { y in
          for i in 0..<g.count { g[i] = y[i] > 0 ? dy[i] : 0 }
        }
      }
    }
    branch.backward(
      sumGradient, input: input, output: branchOutput, into: &inputGradient)
    let a = share.elements[0]
    inputGradient.withUnsafeMutableElements { dx in
      sumGradient.withUnsafeElements { g in
        for i in 0..<dx.count { dx[i] += a * g[i] }
      }
    }
  }

  mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try branch.visitParameters(visit)
  }

  mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try branch.visitBuffers(visit)
    try visit(Self.shareName, &share)
  }

  static let shareName = "addition"
}

/// Fades the additions of a net out.
final class FadesOut: ResumableObserver {
  private let fading: Fading

  init(_ fading: Fading) { self.fading = fading }

  func stepEnded(_ step: StepRecord, model: inout Model) {
    let share = fading.share(at: Double(step.globalStep) / Double(step.steps))
    model.visitBuffers { name, buffer in
      if name.hasSuffix("." + FadingBlock.shareName) { buffer.fill(share) }
    }
  }

  /// Nothing: the share is a buffer of the model, and is stored with it.
  struct Record: Codable, Sendable {}
  var record: Record { Record() }
  func restore(_ record: Record, finishedEpochs finished: Int) {}
}

extension DeepRun {
  /// What intervenes in the training of a net.
  static func observers(of net: DeepNet, even: Bool) -> [any TrainingObserver] {
    (even ? [EvenSteps()] : []) + (net.fading.map { [FadesOut($0)] } ?? [])
  }
}
