// The page of chapter 1: checks before a long run, and what ends the page.

import Foundation
import Workbook

extension GradientDescent {
  /// Checks before the long run.
  static func addChecks(to page: inout Page, _ findings: Findings) {
    let (checks, gains, firstLosses) = (findings.checks, CheckFindings.gains, findings.checks.firstLosses)
    let (heartSteps, heartEnds, blind) = (checks.steps, checks.ends, checks.blind)
    page.prose(
      """
      ## Checks before the long run

      **Two checks of a few minutes find many broken programs.** In PyTorch, for handwritten digits, ten classes:

      ```python
      import torch
      from torch import nn
      import torch.nn.functional as F
      from torchvision import datasets

      digits = datasets.MNIST("data", download=True)
      images, labels = digits.data.flatten(1) / 255, digits.targets    # [60000, 784], from 0 to 1
      net = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
      print(F.cross_entropy(net(images[:500]), labels[:500]).item())   # 1: near ln 10 = 2.3

      opt = torch.optim.SGD(net.parameters(), lr=0.05)
      for step in range(2000):                                         # 2: twenty images by heart
          loss = F.cross_entropy(net(images[:20]), labels[:20])
          opt.zero_grad(); loss.backward(); opt.step()
      print(loss.item())                                               # below 0.01
      ```

      **1. The first loss should be $\\ln C$, with $C$ classes.** A net that has learned nothing should give each class the same \
      probability $1/C$, and $-\\ln(1/C) = \\ln C$.
      """)
    let wild = firstLosses[gains.count - 1]
    page.predict(
      "Ten classes, nothing learned yet, and last weights ten times the usual size. The first loss is about",
      choices: ["0.1", "2.3", "4", "more than 8"], answer: [0.1, 2.3, 4, 8].lastIndex { wild.mean >= $0 } ?? 0,
      """
      It is \(fixed(wild.mean, 0)). The scores of the classes differ by about ten, and $-\\ln p_t$ is about the largest score minus that of the \
      right class: the net is sure, and wrong. With small last weights it begins at \(fixed(firstLosses[0].mean, 2)).
      """)
    page.project(
      wild.mean > 3
        ? "Last weights too large: a first loss of \(fixed(wild.mean, 0)), not \(fixed(log(10), 1))"
        : "A sound first loss is ln 10, about \(fixed(log(10), 1))")
    page.prose(
      """
      **2. A net with thousands of weights must be able to memorize twenty images.** If it cannot, something is broken. (Wrong labels it \
      memorizes as well: look at some images beside their labels.)
      """)
    page.figure(
      Figure(
        heartEnds[0].mean < 0.1 && heartEnds[1].mean > 1
          ? "Twenty images are memorized in \(heartSteps) steps, but not black ones, nor at a rate far too small"
          : "In \(heartSteps) steps the loss on twenty images falls to \(short(heartEnds[0].mean))",
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("loss on the twenty", range: 0...(log(10) + 0.2)),
            Defect.allCases.indices.map { index in
              Series(
                Defect.allCases[index].rawValue, x: (0..<heartSteps).map(Double.init),
                y: checks.curves[index], style: .line, isEmphasized: index == 0, color: index)
            },
            references: [.init(.horizontal, at: blind, "best without seeing the images")])),
        caption: """
          The **digits net**: 64 hidden ReLU units and small last weights; all twenty in one batch, at a rate of 0.05. A net that is given black \
          images can still learn how often each digit comes, and stops at \(fixed(blind, 2)). If your curve stops there, look at the inputs.
          """,
        name: "by-heart"))
    page.project("Twenty images memorized, if nothing is broken")
    page.prose(
      """
      If the loss hardly falls, divide the size of a step by the size of the weights, **in the first steps**. In figure \
      6 it is \(short(checks.updates[0].mean)) in the sound net, \(short(checks.updates[2].mean)) where the rate is 1000 times too \
      small, and 0 where the images are black. As a rough rule a thousandth is good; less than $10^{-4}$ points to the rate, exactly 0 to the inputs.

      ```python
          if step == 10:                       # in the loop above, at its end
              w = net[0].weight
              print((0.05 * w.grad.norm() / w.norm()).item())   # lr * |g| / |w|
      ```
      """)
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page) {
    page.callout(
      .takeaway,
      """
      - Slopes multiply along a path and add over paths. One walk from the loss backwards gives all of them.
      - The learning rate has an edge, on a bowl $2/\\lambda_{\\mathrm{max}}$. A net's curvature changes as it learns, so find its edge by trying rates.
      - Before a long run, look at the first loss and let the net memorize twenty examples.
      - Compare batch sizes and methods each at its own best rate, and let the rate fall to 0.
      """)
    page.slide(
      "Measure the gradient, then tune the rate",
      """
      - Slopes multiply along a path and add over paths.
      - The learning rate has an edge. Batch sizes and methods each need a rate of their own.
      - First of all, look at the first loss and let the net memorize twenty examples.
      """)
    page.exercises()
    page.callout(
      .note,
      """
      **Without Swift, in Python**

      - Give `Value` `exp`, `log` and division. Build softmax and cross-entropy; check the slopes against $p - 1_t$.
      - In `both_passes` leave out `(1 - H**2)`. Which of the four gradients are now wrong? Check with `numerical_gradient`.
      """)
    page.fold("What comes out") {
      $0.prose(
        """
        The first: the slopes agree but for rounding, in about the 16th digit. The second: `dW1` and `db1` are wrong, because only they come after the \
        tanh on the way back; `dW2` and `db2` are right.
        """)
    }
    page.furtherReading([
      "Rumelhart, Hinton and Williams 1986, *Learning representations by back-propagating errors*",
      "LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*: learning rates and curvature",
      "Goh 2017, *Why momentum really works*, Distill",
      "Kingma and Ba 2015, *Adam: a method for stochastic optimization*, arXiv:1412.6980",
      "Loshchilov and Hutter 2017, *SGDR*, arXiv:1608.03983: the cosine",
      "Goyal et al. 2017, *Accurate, large minibatch SGD*, arXiv:1706.02677: the linear scaling rule, and warm-up",
      "Cohen et al. 2021, arXiv:2103.00065: nets in training hover near the edge 2/rate",
      "Karpathy, *CS231n: learning and evaluation*: the checks of this page",
    ])
  }
}
