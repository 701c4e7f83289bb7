// Exercise 11.1: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex11_1 = Exercise<any Ex11_1.Type>(
    .ex11_1, section: "The residual block", difficulty: .medium,
    hints: [
      "Draw the block: x takes two paths, and the paths meet in a sum. Is the last ReLU before or after the sum? "
        + "In the backward pass the gradient reaches x along both paths.",
      "Forward: a = x·w1ᵀ, h = max(0, a), z = x + h·w2ᵀ, y = max(0, z). Backward from the end: e = g where z > 0, else 0; "
        + "then ∂L/∂w2 = eᵀh, d = e·w2 where a > 0, else 0; ∂L/∂w1 = dᵀx; and x receives e + d·w1.",
      "Write a helper for products, or loops: `dw2[o, j] += e[n, o] * h[n, j]`, `d[n, j] += e[n, o] * w2[o, j]`, then "
        + "mask d by a > 0, `dw1[j, i] += d[n, j] * x[n, i]`, and `dx[n, i] = e[n, i] + Σⱼ d[n, j] * w1[j, i]`.",
    ],
    cases: [
      forward(
        Tensor([1, 2], [1, 2]), Tensor([2, 2], [1, 0, 0, 1]), Tensor([2, 2], [1, 0, 0, 1]),
        "forward([[1, 2]], w1: identity, w2: identity)", "F is the identity here", look: "x + F(x) = 2x here."),
      forward(
        Tensor([1, 2], [1, 2]), Tensor([2, 2], [1, 0, 0, 1]), Tensor(zeros: [2, 2]),
        "forward([[1, 2]], w1: identity, w2: zeros)", "F adds nothing", look: "With F = 0 the block is the identity."),
      forward(
        Tensor([1, 2], [-1, 2]), Tensor([2, 2], [1, 0, 0, 1]), Tensor([2, 2], [1, 0, 0, 1]),
        "forward([[−1, 2]], w1: identity, w2: identity)", "a negative input",
        look: "The last ReLU comes after the sum."),
      forward(
        Examples11.tensor([3, 4], 1), Examples11.tensor([5, 4], 2), Examples11.tensor([4, 5], 3),
        "forward([3, 4] of numbers, w1: [5, 4], w2: [4, 5])", "three samples, five hidden units"),
      backward(
        Tensor([1, 2], [1, 2]), Tensor([2, 2], [1, 0, 0, 1]), Tensor([2, 2], [0.5, 0, 0, 0.5]), "by hand",
        look: "∂L/∂x is g + 0.5·g here: through the shortcut, and through F."),
      backward(
        Examples11.tensor([1, 3], 4), Examples11.tensor([4, 3], 5), Examples11.tensor([3, 4], 6), "one sample"),
      backward(
        Examples11.tensor([3, 4], 1), Examples11.tensor([5, 4], 2), Examples11.tensor([4, 5], 3),
        "three samples, five hidden units"),
    ],
    mutants: [
      Mutant(
        "forgets to add the input",
        effect: "A plain network: with tens of layers its training error rises instead of falling.", Plain.self),
      Mutant(
        "applies the last ReLU to F alone, before the sum",
        effect: "Blocks can then only add, never subtract: the signal grows from block to block.", EarlyReLU.self),
      Mutant(
        "propagates the gradient only through F",
        effect: "Forward it is residual, backward it is plain: the gradient vanishes or explodes with depth.",
        NoShortcutGradient.self),
      Mutant(
        "forgets the mask of the last ReLU in the backward pass",
        effect: "Inactive units are trained as if they were active; gradients fail every check.", NoMask.self),
      Mutant(
        "sends the whole gradient along the shortcut, even where the last ReLU is inactive",
        effect: "Earlier blocks learn from outputs that were 0; gradients fail every check.", OpenShortcut.self),
      Mutant(
        "forgets the mask of the inner ReLU in the backward pass",
        effect: "Hidden units at 0 receive gradients that should be 0; the first weights drift.", NoInnerMask.self),
      Mutant(
        "uses the values before the inner ReLU for the gradient of w2",
        effect: "Inactive hidden units change the second weights.", BeforeReLU.self),
    ])
}

private func forward(
  _ x: Tensor, _ w1: Tensor, _ w2: Tensor, _ call: String, _ about: String, look: String = ""
) -> Case<any Ex11_1.Type> {
  Case(
    call, about, look: look,
    gives: Tensor(x.shape, block(doubles(x), doubles(w1), doubles(w2), x.shape[1]).map { Float($0) })
  ) {
    try $0.forward(x, w1: w1, w2: w2)
  }
}

private func backward(
  _ x: Tensor, _ w1: Tensor, _ w2: Tensor, _ about: String, look: String = ""
) -> Case<any Ex11_1.Type> {
  let g = Examples11.tensor(x.shape, 9)
  return Case(
    "backward(\(g.shape) of numbers, input: \(x.shape), w1: \(w1.shape), w2: \(w2.shape))", about, look: look,
    gives: reference(g, x, w1, w2)
  ) {
    let got = try $0.backward(g, input: x, w1: w1, w2: w2)
    return Outcome(("input gradient", got.input), ("w1 gradient", got.w1), ("w2 gradient", got.w2))
  }
}

private func doubles(_ tensor: Tensor) -> [Double] { tensor.elements.map(Double.init) }

/// The block in double precision: x is [N, D], w1 is [H, D], w2 is [D, H], all row by row.
private func block(_ x: [Double], _ w1: [Double], _ w2: [Double], _ d: Int) -> [Double] {
  let hidden = w1.count / d
  return (0..<x.count / d).flatMap { n -> [Double] in
    let h = (0..<hidden).map { j in max(0, (0..<d).reduce(0) { $0 + x[n * d + $1] * w1[j * d + $1] }) }
    return (0..<d).map { o in max(0, x[n * d + o] + (0..<hidden).reduce(0) { $0 + h[$1] * w2[o * hidden + $1] }) }
  }
}

private func reference(_ g: Tensor, _ x: Tensor, _ w1: Tensor, _ w2: Tensor) -> Outcome {
  let (x0, a, b, u, d) = (doubles(x), doubles(w1), doubles(w2), doubles(g), x.shape[1])
  func tensor(_ shape: Shape, _ numbers: [Double]) -> Tensor { Tensor(shape, numbers.map { Float($0) }) }
  return Outcome(
    ("input gradient", tensor(x.shape, CentralDifferences.gradient(at: x0, upstream: u) { block($0, a, b, d) })),
    ("w1 gradient", tensor(w1.shape, CentralDifferences.gradient(at: a, upstream: u) { block(x0, $0, b, d) })),
    ("w2 gradient", tensor(w2.shape, CentralDifferences.gradient(at: b, upstream: u) { block(x0, a, $0, d) })))
}

/// Forward and backward, with switches for the mutants.
private struct Steps {
  var addsInput = true
  var earlyReLU = false
  var sendsShortcut = true
  var masksEnd = true
  var masksShortcut = true
  var masksInner = true
  var usesActivation = true

  func forward(_ x: Tensor, _ w1: Tensor, _ w2: Tensor) -> (a: Tensor, z: Tensor, y: Tensor) {
    let a = product(x, w1)
    let f = product(rectified(a), w2)
    let added = Tensor(x.shape, zip(x.elements, earlyReLU ? rectified(f).elements : f.elements).map { $0 + $1 })
    let z = addsInput ? added : f
    return (a, z, earlyReLU ? z : rectified(z))
  }

  func backward(_ g: Tensor, _ x: Tensor, _ w1: Tensor, _ w2: Tensor) -> (input: Tensor, w1: Tensor, w2: Tensor) {
    let (a, z, _) = forward(x, w1, w2)
    let e = masksEnd ? masked(g, z) : g
    let dw2 = outer(e, usesActivation ? rectified(a) : a)
    var d = back(e, w2)
    if masksInner { d = masked(d, a) }
    let through = back(d, w1)
    let dx = Tensor(
      x.shape, zip(through.elements, (masksShortcut ? e : g).elements).map { sendsShortcut && addsInput ? $0 + $1 : $0 }
    )
    return (dx, outer(d, x), dw2)
  }

  private func rectified(_ t: Tensor) -> Tensor { t.map { max(0, $0) } }
  private func masked(_ t: Tensor, _ by: Tensor) -> Tensor {
    Tensor(t.shape, zip(t.elements, by.elements).map { $1 > 0 ? $0 : 0 })
  }
  /// x·wᵀ.
  private func product(_ x: Tensor, _ w: Tensor) -> Tensor {
    var y = Tensor(zeros: [x.shape[0], w.shape[0]])
    for n in 0..<x.shape[0] {
      for o in 0..<w.shape[0] { for i in 0..<w.shape[1] { y[n, o] += x[n, i] * w[o, i] } }
    }
    return y
  }
  /// e·w.
  private func back(_ e: Tensor, _ w: Tensor) -> Tensor {
    var y = Tensor(zeros: [e.shape[0], w.shape[1]])
    for n in 0..<e.shape[0] {
      for o in 0..<w.shape[0] { for i in 0..<w.shape[1] { y[n, i] += e[n, o] * w[o, i] } }
    }
    return y
  }
  /// eᵀ·h.
  private func outer(_ e: Tensor, _ h: Tensor) -> Tensor {
    var dw = Tensor(zeros: [e.shape[1], h.shape[1]])
    for n in 0..<e.shape[0] {
      for o in 0..<e.shape[1] { for i in 0..<h.shape[1] { dw[o, i] += e[n, o] * h[n, i] } }
    }
    return dw
  }
}

private protocol Stepwise: Ex11_1 { static var steps: Steps { get } }

extension Stepwise {
  static func forward(_ input: Tensor, w1: Tensor, w2: Tensor) throws -> Tensor { steps.forward(input, w1, w2).y }
  static func backward(_ outputGradient: Tensor, input: Tensor, w1: Tensor, w2: Tensor) throws -> (
    input: Tensor, w1: Tensor, w2: Tensor
  ) { steps.backward(outputGradient, input, w1, w2) }
}

private enum Plain: Stepwise { static var steps: Steps { Steps(addsInput: false) } }
private enum EarlyReLU: Stepwise { static var steps: Steps { Steps(earlyReLU: true) } }
private enum NoShortcutGradient: Stepwise { static var steps: Steps { Steps(sendsShortcut: false) } }
private enum OpenShortcut: Stepwise { static var steps: Steps { Steps(masksShortcut: false) } }
private enum NoMask: Stepwise { static var steps: Steps { Steps(masksEnd: false) } }
private enum NoInnerMask: Stepwise { static var steps: Steps { Steps(masksInner: false) } }
private enum BeforeReLU: Stepwise { static var steps: Steps { Steps(usesActivation: false) } }
