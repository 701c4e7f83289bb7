// The page of chapter 1: a net that learns, its rates and its edge.

import Foundation
import Workbook

extension GradientDescent {
  /// A net that learns.
  ///
  /// - Parameter plain: the net trained by plain descent, of the record.
  static func addSpirals(to page: inout Page, _ findings: Findings, plain: SpiralFindings?) {
    let (found, isPlain) = (plain ?? findings.spirals, plain != nil)
    let frames = found.snapshots
    let (hidden, steps, netErrors, line) = (
      found.hidden, found.steps, found.netErrors, found.lineErrors
    )
    // The softmax of the scores 2 and 0.
    let first = 1 / (1 + exp(-2.0))
    page.prose(
      """
      ## A net that learns

      **Two dense layers with a bend between them separate what no line can**, such as two spirals that wind around each other. The bend is \
      tanh, an S-shaped function from −1 to 1. The layer in the middle is **hidden**:

      $$H = \\tanh(X W_1^T + b_1) \\qquad Z = H W_2^T + b_2$$

      The two sums $Z$ of a point are its **scores**, one for each class. What is the loss of two scores?

      ### Softmax and cross-entropy

      Let a point have the scores 2 and 0, and the second class be right. The **softmax** takes $e^2 = \(fixed(exp(2.0), 2))$ and $e^0 = 1$, and \
      divides both by their sum, \(fixed(exp(2.0) + 1, 2)). That gives \(fixed(first, 3)) and \(fixed(1 - first, 3)): two numbers above 0 that add up to 1, \
      the probabilities of the classes. The **cross-entropy** is $-\\ln$ of the probability of the right class, here \
      $-\\ln \(fixed(1 - first, 3))$ = \(fixed(-log(1 - first), 2)).

      The slope of the loss in a score is its probability, minus 1 for the right class: \(fixed(first, 3)) and \
      \(fixed(1 - first, 3)) − 1 = \(fixed(-first, 3)). A step against these slopes lowers the first score and raises the second.

      In general, for scores $z_k$ and the right class $t$, averaged over $N$ points:

      $$p_k = \\frac{e^{z_k}}{\\sum_j e^{z_j}} \\qquad L = -\\frac{1}{N} \\sum_n \\ln p_{n,t}$$

      Why is the slope so simple? In $-\\ln p_t = \\ln \\sum_j e^{z_j} - z_t$ the slope of the first term in $z_k$ is $p_k$, and that of \
      $-z_t$ in $z_t$ is −1. With $1_t$, which is 1 at the right class and 0 elsewhere:

      $$\\frac{\\partial L}{\\partial Z} = \\frac{p - 1_t}{N}$$

      ### Both passes, in Python

      From there the gradient goes back by the dense formulas and the slope of tanh, $1 - H^2$. In NumPy:

      ```python
      import numpy as np

      def both_passes(X, t, W1, b1, W2, b2):
          H = np.tanh(X @ W1.T + b1)                # forward: hidden units, [N, 32]
          Z = H @ W2.T + b2                         # scores, [N, 2]
          p = np.exp(Z - Z.max(1, keepdims=True))   # the same p, and no number is too large
          p /= p.sum(1, keepdims=True)              # softmax
          n = np.arange(len(t))
          loss = -np.log(p[n, t]).mean()            # of each row the column of its class

          p[n, t] -= 1                              # backward: p - 1 at the right class
          dZ = p / len(t)
          dW2, db2 = dZ.T @ H, dZ.sum(0)            # the dense formulas
          dS = (dZ @ W2) * (1 - H**2)               # through tanh
          dW1, db1 = dS.T @ X, dS.sum(0)            # the dense formulas again
          return loss, (dW1, db1, dW2, db2)

      rng = np.random.default_rng(1)
      t = np.arange(200) % 2                        # two spirals of 100 points
      r = np.sqrt(rng.random(200))
      a = 2 * np.pi * (1.5 * r + t / 2)
      X = np.stack([r * np.cos(a), r * np.sin(a)], 1) + 0.02 * rng.normal(size=(200, 2))
      parameters = [3 * rng.normal(size=(32, 2)), np.zeros(32),
                    0.1 * rng.normal(size=(2, 32)), np.zeros(2)]

      for step in range(3000):
          loss, gradients = both_passes(X, t, *parameters)
          if step % 500 == 0: print(step, loss)     # prints 0.645 first, 0.0052 last
          for w, g in zip(parameters, gradients):
              w -= 1.0 * g                          # a step against every slope; the rate is 1
      ```

      The first weights are wide, so that each tanh is steep enough to bend between the arms of the spirals.

      PyTorch writes the backward pass for you. While `net(X)` computes, it keeps the boxes and arrows of figure 1; `loss.backward()` walks \
      them backwards and puts the gradient of every weight `p` into `p.grad`, as the 25 lines under figure 1 do. This is called \
      **automatic differentiation**. `F.cross_entropy` wants the \
      scores, so put no softmax at the end of the net: the loss would take it twice.
      """)
    page.fold("The same in PyTorch, and both passes in Swift") {
      $0.prose(
        """
        ```python
        import torch
        from torch import nn
        import torch.nn.functional as F

        X, t = torch.tensor(X, dtype=torch.float32), torch.tensor(t)    # the arrays from above
        torch.manual_seed(0)
        net = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 2))
        nn.init.normal_(net[0].weight, std=3)         # as wide as above
        opt = torch.optim.SGD(net.parameters(), lr=1.0)
        for step in range(3000):
            loss = F.cross_entropy(net(X), t)         # softmax and cross-entropy in one
            opt.zero_grad()                           # else gradients add up over calls
            loss.backward()                           # the backward pass
            opt.step()                                # w <- w - lr * p.grad
        print(loss.item())                            # about 0.005
        ```
        """)
      $0.code("bothPasses", in: "Spirals.swift")
    }
    /// The points of one spiral as a series without a line.
    func spiral(_ label: Int) -> Series {
      let places = found.labels.indices.filter { found.labels[$0] == label }
      return Series(
        label == 0 ? "first" : "second", x: places.map { Double(found.points[$0][0]) },
        y: places.map { Double(found.points[$0][1]) }, style: .points, color: label)
    }
    /// How many of the points a snapshot has on the wrong side.
    func wrong(_ frame: SpiralSnapshot) -> String {
      let share = frame.wrongSide(points: found.points, labels: found.labels, hidden: hidden)
      return "\(fixed(share * Double(found.labels.count), 0)) of \(found.labels.count) points"
    }
    page.figure(
      Figure(
        netErrors.mean < 0.01
          ? "\(hidden) tanh units bend the boundary around both spirals: after \(grouped(steps)) steps \(wrong(frames[frames.count - 1])) are on the wrong side"
          : "After \(steps) steps \(percent(netErrors.mean)) of the points are still on the wrong side",
        exploring: FigureParameter(
          "step", values: frames.map { Double($0.step) }, initial: frames.count - 1),
        caption: """
          On the thick line both spirals have a probability of 50 %. One of \(counted(netErrors.count, "net")), \
          \(isPlain ? "plain gradient descent at a rate of \(short(Double(AdditionFindings.plainRate)))" : "momentum 0.9 at a rate of 0.3"), \
          all points in one batch.
          """,
        name: "spirals",
        titles: { step in
          "After \(counted(Int(step), "step")) \(wrong(frames.first { $0.step == Int(step) } ?? frames[0])) are on the wrong side"
        }
      ) { step in
        let chances = (frames.first { $0.step == Int(step) } ?? frames[0]).probabilities(hidden: hidden, range: 1.2)
        return .contour(
          ContourPlot(
            x: Axis("x₁", range: -1.2...1.2), y: Axis("x₂", range: -1.2...1.2), heights: chances,
            levels: [0.1, 0.5, 0.9], emphasis: 0.5, paths: [spiral(0), spiral(1)], hasEqualScales: true))
      })
    page.project("Hidden units bend the line around both spirals")
    page.live(
      "field", "Train the net yourself: the plane shows what it thinks",
      caption: """
        The net of figure 4. Here it learns with momentum 0.9 (*Better steps*); set it to 0 for plain descent. The colour is the class that the \
        net would name, strong where it is sure.
        """,
      figure: "spirals",
      settings: [
        "set": 0, "activation": 0, "units": 32, "depth": 1, "rate": -0.5, "momentum": 0.9, "batch": 200, "noise": 0.02,
        "seed": 1, "speed": 4,
      ])
    page.prose(
      """
      Without the hidden layer \(percent(line.mean)) of the points end on the wrong side.
      """)
  }

  /// One learning rate after the other.
  /// - Parameter curvatures: the curvature during training, of the record.
  static func addLearningRates(to page: inout Page, _ findings: Findings, _ curvatures: CurvatureCourse?) {
    let sweep = findings.sweep
    let medians = sweep.losses.map { Summary($0.map { $0.isFinite ? $0 : .infinity }).median }
    let best = medians.indices.min { medians[$0] < medians[$1] } ?? 0
    let bestRate = sweep.rates[best]
    let isValley = best > 0 && best < sweep.rates.count - 1
    let above = sweep.losses[(best + 1)...]
    let failing = sweep.losses[best].count { !($0 < log(2)) }
    let lost = above.joined().count { !($0 < log(2)) }
    // A run beyond the best rate that ends lowest of all.
    let lowest = sweep.losses.joined().filter(\.isFinite).min()
    let beyond = lost > 0 ? lowest.flatMap { above.joined().contains($0) ? $0 : nil } : nil
    page.prose(
      """
      ### The edge of a net

      **A net has an edge, too, but no formula gives it.** Here the spiral net learns by plain descent at \(sweep.rates.count) rates. A net that \
      gives both spirals the probability ½ has a loss of $\\ln 2$ = \(fixed(log(2), 2)); above that a net has failed.
      """)
    let runs = sweep.rates.indices.flatMap { rate in sweep.losses[rate].map { (sweep.rates[rate], $0) } }
      .filter { $0.1.isFinite }
    page.figure(
      Figure(
        isValley
          ? "The lowest median loss is at a rate of \(short(bestRate))"
          : "Of these learning rates the \(best == 0 ? "smallest" : "largest") is best: the valley lies outside",
        .lines(
          LineChart(
            x: Axis("learning rate", log: true), y: Axis("loss after training", log: true),
            [
              Series(
                "median", x: sweep.rates, y: sweep.losses.map { Summary($0).median }, style: .line, isEmphasized: true,
                color: 0),
              Series("one net", x: runs.map(\.0), y: runs.map(\.1), style: .points, color: 6),
            ], references: [.init(.horizontal, at: log(2), "ln 2: says ½ and ½")])),
        caption: """
          Plain gradient descent with \(grouped(findings.sweepSteps)) steps, \(counted(sweep.losses[0].count, "net")) for each \
          rate.\(isValley && failing > 0 ? " At the best rate \(failing) of \(counted(sweep.losses[best].count, "net")) already \(failing == 1 ? "fails" : "fail")." : "")\(beyond == nil ? "" : " Beyond the edge the outcome is a matter of luck.")
          """,
        name: "rate-sweep"))
    page.project("A small rate is slow, a large rate fails")
    guard isValley else { return }
    // How many of the nets fail at the next larger rate.
    let (next, nets) = (sweep.losses[best + 1].count { !($0 < log(2)) }, sweep.losses[best + 1].count)
    if next > 0 {
      page.prose(
        """
        At the next rate to the right, \(next) of \(nets) nets fail. **If nets fail at the rate next above the best one, take a rate a step \
        or two below the best.**
        """)
    }
    guard let first = findings.firstCurvatures else { return }
    // Of the mean as it is written, so that a reader who divides finds the same.
    let bowlEdge = 2 / ((first.mean * 10).rounded() / 10)
    let flattest = first.values.map { 2 / $0 }.max() ?? bowlEdge
    page.prose(
      """
      Why no formula? A bowl with the largest curvature of the fresh net, \(fixed(first.mean, 1)), has its edge at 2/\(fixed(first.mean, 1)) = \
      \(fixed(bowlEdge, 2)). \(bestRate > 1.5 * flattest ? "Yet the net's best rate is \(short(bestRate))." : "The net's best rate is \(short(bestRate)), about as much.") \
      The curvature of a net changes as it learns.\
      \(curvatures == nil ? " So find the rate of a net by trying." : "")
      """)
    if let curvatures { addCurvatures(to: &page, curvatures) }
    page.slide(
      "The curvature of a net changes as it learns",
      """
      - A bowl with the curvature of the fresh net: rates above \(fixed(bowlEdge, 2)) diverge.
      - The net itself: the best rate is \(short(bestRate)).
      - A net's curvature changes as it learns.
      """)
  }
}
