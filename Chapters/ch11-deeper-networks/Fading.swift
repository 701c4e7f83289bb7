// Additions that fade out while the net is trained: residual at first, plain in the end.

import Foundation
import Workbook

/// a·x: what is left of an addition. The course of the training sets a, which is no parameter.
struct Fade: Layer {
  private var share = Tensor([1], [1])
  static let shareName = "share"

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }
  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    scale(input, into: &output)
  }
  mutating func backward(_ g: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    scale(g, into: &inputGradient)
  }
  private func scale(_ x: Tensor, into y: inout Tensor) {
    y.resize(to: x.shape)
    let a = share.elements[0]
    y.withUnsafeMutableElements { y in x.withUnsafeElements { x in for i in 0..<y.count { y[i] = a * x[i] } } }
  }
  mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit(Self.shareName, &share)
  }
}

extension ResidualBlock {
  /// The same block with an addition that can fade.
  var fading: ResidualBlock { ResidualBlock(residual: residual, shortcut: Sequential([Fade()])) }
}

extension Course {
  /// What intervenes in the training of a net.
  func observers(of net: DeepNet, even: Bool) -> [any ResumableObserver] {
    if even { return [EvenSteps()] }
    guard net.isFading == true else { return [] }
    let (half, steps) = (Float(data.count / batch * epochs) / 2, Counter())
    return [
      TrainingHooks(stepEnded: { model in
        steps.count += 1
        let share = max(0, 1 - Float(steps.count) / half)
        model.visitBuffers { name, buffer in if name.hasSuffix(Fade.shareName) { buffer.fill(share) } }
      })
    ]
  }
  private final class Counter { var count = 0 }
}
