// The page of chapter 1: better steps.

import Foundation
import Workbook

extension GradientDescent {
  /// Momentum, Nesterov, RMSProp, Adam.
  ///
  /// - Parameter owner: the findings in which the additions stand.
  static func addBetterSteps(to page: inout Page, _ findings: Findings, owner: Findings?) {
    let (results, conditions) = (findings.race, findings.conditions)
    let raceSteps = results.map(\.steps)
    page.prose(
      """
      ## Better steps

      **Momentum and Adam cross a narrow valley in fewer steps.** Plain descent is slow there: the steep walls limit the learning rate to \
      $2/\\lambda_{\\mathrm{max}}$, and along the flat floor steps of that rate are short. In the formulas of four other methods $g$ is the \
      gradient; squares, roots and quotients are taken for each weight by itself.

      **Momentum** keeps a velocity, like a ball that rolls:

      $$v \\leftarrow \\mu v + g \\qquad w \\leftarrow w - \\eta v \\qquad \\mu = 0.9$$

      Along the floor $g$ is the same in every step, say 1: the velocity is 1, then 0.9 + 1 = 1.9, then 2.71, and in the end \
      $1/(1 - \\mu) = 10$. Between the walls $g$ is 1 and −1 in turn: the velocity is 1, then −0.1, then 0.91, and in the \
      end about $\\pm\\frac{1}{2}$. So momentum makes the long way faster and the zigzag smaller, and wants a smaller rate, a tenth to a half of that of plain descent.

      **Nesterov** momentum takes the gradient at the place to which the velocity is about to lead, so it \
      brakes earlier. Code, PyTorch's too, keeps that place as its weights: then the gradient is that at $w$, and the step \
      $\\eta(g + \\mu v)$, with the new $v$.

      **RMSProp** divides the step of each weight by the size of its last gradients (PyTorch's $\\alpha$ is 0.99):

      $$s \\leftarrow \\alpha s + (1 - \\alpha)\\, g^2 \\qquad w \\leftarrow w - \\eta\\,\\frac{g}{\\sqrt{s} + \\varepsilon} \
      \\qquad \\alpha = 0.9$$

      $s$ is a running mean of $g^2$, so $\\sqrt{s}$ is about the size of $g$. If two weights have gradients of 10 and 0.1 in every step, \
      $\\sqrt{s}$ becomes 10 and 0.1, and both weights move by $\\eta$. The $\\varepsilon = 10^{-8}$ prevents a division by 0.

      **Adam** does both: it divides a running mean $m$ of $g$ by the root of a running mean of $g^2$:

      $$m \\leftarrow \\beta_1 m + (1 - \\beta_1)\\, g \\qquad s \\leftarrow \\beta_2 s + (1 - \\beta_2)\\, g^2 \
      \\qquad w \\leftarrow w - \\eta\\,\\frac{\\hat{m}}{\\sqrt{\\hat{s}} + \\varepsilon}$$

      with $\\beta_1 = 0.9$ and $\\beta_2 = 0.999$. Both means begin at 0 and are too small at first. With $g = 10$ the first step has \
      $m = 0.1 \\cdot 10 = 1$ and $s = 0.001 \\cdot 100 = 0.1$, and $m/\\sqrt{s}$ would be \(fixed(1 / 0.1.squareRoot(), 1)) instead of \
      1. So after $n$ steps Adam corrects both, $\\hat{m} = m/(1 - \\beta_1^n)$ and $\\hat{s} = s/(1 - \\beta_2^n)$.
      """)
    page.fold("The steps in NumPy, and a walk in Swift") {
      $0.prose(
        """
        In place of `w -= 1.0 * g`; each array has its own `v`, `m` and `s`, first `np.zeros_like(w)`, and `n` is the step, from 1:

        ```python
        v *= 0.9; v += g                              # momentum
        w -= rate * v                                 # Nesterov: rate * (g + 0.9 * v)

        s += 0.1 * (g**2 - s)                         # RMSProp
        w -= rate * g / (np.sqrt(s) + 1e-8)

        m += 0.1 * (g - m); s += 0.001 * (g**2 - s)   # Adam
        w -= rate * (m / (1 - 0.9**n)) / (np.sqrt(s / (1 - 0.999**n)) + 1e-8)
        ```
        """)
      $0.code("descend", in: "Bowl.swift")
    }
    let plain = fixed(raceSteps[0].mean, 0)
    let best = conditions.conditions.firstIndex(of: 100).map { Summary(conditions.momentum[$0]).mean }
    page.predict(
      "A valley 100 times as curved across as along (κ = 100). Plain descent, at its best rate, needs \(plain) steps until only 1 % of the distance is left. How many does momentum 0.9 need at its best rate?",
      choices: [plain, "80", "20", "8"], answer: raceSteps[1].mean.rounded(),
      """
      That is at the best of \(RaceResult.rates.count) rates.\
      \(best.map { " With the best μ as well it needs \(fixed($0, 0))." } ?? "")
      """)
    page.project("A narrow valley: how much does momentum save?")
    let left = log(100) / (0.5 * log(1 / 0.9))
    page.fold("Why momentum turns κ into √κ") {
      $0.prose(
        """
        Along a direction of curvature $\\lambda$ the two lines of momentum make one: for the distance $u_n$ from the bottom after \
        $n$ steps

        $$u_{n+1} = (1 + \\mu - \\eta\\lambda)\\,u_n - \\mu\\,u_{n-1}$$

        Try $u_n = r^n$: that asks for $r^2 - (1 + \\mu - \\eta\\lambda)\\,r + \\mu = 0$. The product of the two roots is $\\mu$. They are \
        complex while $(1 - \\sqrt\\mu)^2 < \\eta\\lambda < (1 + \\sqrt\\mu)^2$; then both have the size $\\sqrt\\mu$, *whatever* \
        $\\lambda$ is, so no direction is slower than another. Choose $\\eta$ and $\\mu$ so that $\\eta\\lambda_{\\mathrm{min}}$ and $\\eta\\lambda_{\\mathrm{max}}$ are the two ends:

        $$\\kappa = \\left(\\frac{1 + \\sqrt\\mu}{1 - \\sqrt\\mu}\\right)^2 \\qquad \\text{so} \\qquad \
        \\sqrt\\mu = \\frac{\\sqrt\\kappa - 1}{\\sqrt\\kappa + 1}$$

        Each step leaves about the share $\\sqrt\\mu$ of the distance. Plain descent leaves $(\\kappa - 1)/(\\kappa + 1)$. With \
        $\\mu = 0.9$ a hundredth is left after $\\ln 100 / (\\frac{1}{2} \\ln(1/0.9))$ = \(fixed(left, 0)) steps; we measure \
        \(fixed(raceSteps[1].mean, 0)).
        """)
    }
    let plainPower = conditions.powers(conditions.plain)
    let momentumPower = conditions.powers(conditions.momentum)
    page.figure(
      Figure(
        "The narrower the valley, the more momentum pays: steps grow as κ to the power \(fixed(plainPower.mean, 2)) without it, \(fixed(momentumPower.mean, 2)) with it",
        .lines(
          LineChart(
            x: Axis("condition number κ", log: true), y: Axis("steps until 1 % is left", log: true),
            [
              ("gradient descent", conditions.plain), ("best momentum", conditions.momentum),
              ("Adam", conditions.adam), ("Adam, valley turned 45°", conditions.adamTurned),
            ].enumerated().map { index, pair in
              Series(
                pair.0, x: conditions.conditions, y: pair.1.map { Summary($0).mean },
                deviation: pair.1.map { Summary($0).deviation }, isEmphasized: index == 1,
                color: [0, 1, 4, 5][index])
            })),
        caption: """
          Plain descent with the best constant rate, momentum with the best pair (η, μ), Adam with its best rate, \
          \(findings.seeds.count) starts.
          """,
        name: "condition"))
    page.project("The narrower the valley, the more momentum pays")
    page.prose(
      """
      Adam needs about \(fixed(Summary(conditions.adam.flatMap { $0 }).mean, 0)) steps in any valley along the axes, \
      because it divides out how large the gradients of each weight are. A valley at 45° to the axes stays narrow for Adam, too.
      """)
    page.live(
      "bowl", "Roll the ball yourself: a narrow valley, a rate, a velocity",
      caption: """
        Drag the start of the path, or move the sliders. κ says how many times the steep axis is as curved as the flat one. 
        """,
      figure: "condition",
      settings: [
        "method": 0, "kappa": 1.3, "rate": -1.2, "momentum": 0, "turn": 25, "x": -1, "y": 0.6, "speed": 1,
      ])

    if let owner, let rates = owner.methodRates { addMethodRates(to: &page, rates, owner: owner) }
  }
}
