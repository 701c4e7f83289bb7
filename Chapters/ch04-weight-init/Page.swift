// The page of chapter 4, from its findings alone.

import Foundation
import Workbook

extension WeightInit {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    // The page tells of the recorded run, where that is the larger one; a reader's own answer is shown as it ran.
    let isShorter = findings.depths == nil && findings.mine == nil
    let kept = recorded.map(\.findings).flatMap { isShorter && $0.depths != nil && $0.data == findings.data ? $0 : nil }
    let today = findings
    let findings = kept ?? today
    var page = page(
      lead: """
        A layer of random weights multiplies the size of its signal by a constant. If this is 0.7 instead of 1, a net of thirty layers may never begin to learn with SGD. \
        For ReLU layers He's rule makes it 1: weights with a variance of 2 over the number of inputs.
        """)
    addQuestion(to: &page, findings)
    addDerivation(to: &page, findings)
    addSignals(to: &page, findings)
    addTheory(to: &page, findings)
    addGradients(to: &page, findings)
    addGains(to: &page, findings)
    addOwnNet(to: &page, findings)
    addDepthQuestion(to: &page, findings)
    if let study = findings.depths ?? recorded?.findings.depths {
      addDepths(to: &page, study, findings, isRecorded: findings.depths == nil || kept != nil)
    }
    page.fold("Size is not all: the angle between two signals") { addCosines(to: &$0, findings) }
    addConvolutions(to: &page, findings)
    addChecks(to: &page, findings)
    addRecipe(to: &page, findings)
    page.reportsRecord = kept != nil
    claims(today).forEach { page.claim($0) }
    addEnding(to: &page, findings)
    return page
  }

  /// The question, and nets whose weights begin equal.
  static func addQuestion(to page: inout Page, _ findings: Findings) {
    page.slide("Every layer multiplies the size by a constant", "What is left after thirty layers?")
    let (symmetry, seeds, errors) = (
      findings.symmetry, findings.symmetry.seeds, findings.symmetry.errors
    )
    let (runs, twinUnits) = (symmetry.runs, symmetry.twinUnits)
    let twinSpread = Double(runs[1].map(\.spread).max() ?? 0)
    page.prose(
      """
      ## The question

      \(opening(findings))

      ```python
      nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")   # He's rule for one layer
      ```

      Most deep nets of today have layers that normalize the signal and forgive the first weights (chapter 5). Why read on? Other nets, such as VGG of 2014, have no such \
      layers, and PyTorch's default is too small for them\(findings.own?.deepAdam.map { $0[2].minimum > DepthStudy.learned } == true ? "" : ", at least with SGD").

      ## Why not all the same?

      First, must they be random at all? Suppose all weights of a net begin with the same number.
      """)
    page.predict(
      """
      A net with two hidden layers of 16 tanh units learns to tell two classes of points. All weights begin at 0.5. \
      After training, how many **different** units does its first hidden layer have?
      """,
      within: 0.01, answer: Double(twinUnits),
      """
      Units with the same inputs and the same weights give the same output. So they get equal gradients and take equal steps. The weights have moved, but all units \
      in the same way: \(twinSpread == 0 ? "no two units differ" : "no two units differ by more than \(short(twinSpread))").
      """)
    page.project("All weights begin at 0.5. How many different units?")
    page.fold("The net of equal weights, in code") { $0.code("symmetryRun", in: "Symmetry.swift") }
    // The mean error over the second half of the epochs.
    let late = runs[1][0].errors.indices.map { epoch in Summary(runs[1].map { 100 * $0.errors[epoch] }).mean }
      .suffix((runs[1][0].errors.count + 1) / 2)
    let (least, most) = (fixed(late.min() ?? .nan, 0), fixed(late.max() ?? .nan, 0))
    let range = least == most ? least : "between \(least) and \(most)"
    page.figure(
      Figure(
        errors[1].mean > 2 * errors[2].mean
          ? "Sixteen units that begin equal are one unit: \(range) % stay wrong, epoch after epoch"
          : "Sixteen equal units learned as much as sixteen different ones here",
        .lines(
          LineChart(
            x: Axis("epoch"), y: Axis("points classified wrongly (%)", range: 0...60),
            SymmetryStart.allCases.enumerated().map { index, start in
              let ofStart = runs[index]
              let errors = ofStart[0].errors.indices.map { epoch in
                Summary(ofStart.map { 100 * $0.errors[epoch] })
              }
              return Series(
                start.rawValue, y: errors.map(\.mean),
                style: .line, isEmphasized: index == 1, color: [6, 1, 0][index])
            })),
        caption: """
          512 points of a square in two classes, by the sign of x·y. One unit alone cannot separate them, so its line never \
          settles, and large steps throw it about (the zigzag). Mean over \(counted(seeds.count, "seed")); the title is about the \
          second half of the epochs.
          """,
        name: "symmetry"))
    page.project("Sixteen units that begin equal are one unit")
    page.callout(
      .note,
      """
      Random weights make the units different. Biases may start at 0, because the weights already \
      make the difference. If all weights are 0 as well, every hidden output is 0, and so is the gradient of every weight: only the last biases learn \
      (*all 0* in the figure).
      """)
  }

  /// The two nets of the question, where they were trained; else the constant alone.
  private static func opening(_ findings: Findings) -> String {
    let constant = "Each layer of a net multiplies the size of its input by some constant. Which constant do we need?"
    guard let study = findings.depths, let last = study.nets.last, study.learnedDepths(1).last == last.depth,
      study.deadFrom(0) != nil
    else { return constant }
    let adam = findings.own?.deepAdam.map { deepest in
      let (xavier, he) = (deepest[0], deepest[1])
      return he.maximum < DepthStudy.learned && xavier.maximum < DepthStudy.guessing
        ? " With Adam (chapter 1) both learn, and the larger weights \((xavier - he).worded(above: "still learn better", below: "learn less well", withinChance: "learn no better that we could see")): \(fixed(he.mean, 0)) % wrong against \(fixed(xavier.mean, 0)) %."
        : ""
    }
    return """
      Two nets of \(last.depth) layers learn the same digits with the same code. The only difference: the first weights of one are 1.41 times as large. Trained by *SGD* (stochastic gradient descent with momentum, chapter 1), that one gets \
      \(fixed(last.errors[1].mean, 0)) % of new digits wrong. The other only guesses, at every learning rate that we tried.\(adam ?? "") Why? \(constant)
      """
  }

  /// What the sources have wrong, and where it is put right.
  private static let errata = Table(
    "What S2 says, and what it is",
    columns: ["S2", "here"],
    rows: [
      [
        "Var(y) = Dᵢₙ·Var(x)·Var(w) for a sum y, also after a ReLU",
        "$E[x^2]$ instead of Var(x): *Theory against measurement*",
      ],
      [
        "with 0.05 the gradient “is still 0” (it does not say of what)",
        "$\\partial L/\\partial x$ grows: *And backwards*",
      ],
    ])

  /// What to look at in a net of one's own.
  private static func addChecks(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Three looks at a fresh net

      Before you train a net of your own, send one batch forward and back and look at three numbers:

      1. The first loss is near $\\ln C$ for $C$ classes (2.30 for ten): the net guesses and is sure of nothing (chapter 1).\(findings.own?.firstLossWords ?? "")
      2. The outputs of all hidden layers have about the same size. Look for a trend, not for a value.
      3. One step moves the weights of every layer by about a thousandth of their size: $\\eta\\,\\lVert\\partial L/\\partial W\\rVert / \\lVert W\\rVert \\approx 10^{-3}$. A few times more or less does no harm. At $10^{-6}$ a thousand steps move the weights by a thousandth of their size: too little to learn. (This is for plain descent; momentum of 0.9 makes the steps ten times as long. For Adam see below.)

      In PyTorch, for a net `net` and a batch `x` with its labels `t`:

      ```python
      rate, hooks = 0.01, []
      for m in net.modules():    # F.relu is no module: name nn.Linear and nn.Conv2d instead
          if isinstance(m, (nn.ReLU, nn.Tanh, nn.GELU, nn.SiLU)):
              hooks.append(m.register_forward_hook(
                  lambda m, x, y: print("outputs", y.pow(2).mean().sqrt().item())))
      loss = nn.CrossEntropyLoss()(net(x), t)
      print("first loss", loss.item())
      loss.backward()
      for name, p in net.named_parameters():
          if p.dim() > 1: print("step", name, rate * (p.grad.norm() / p.norm()).item())
      for h in hooks: h.remove()   # no more printing
      net.zero_grad()
      ```
      """)
    guard let controls = findings.controls else { return }
    page.prose(
      "Below, *outputs* is their size in the last hidden layer over that in the first, and *step* that of the first layer at the rate \(short(FreshLook.rate))."
    )
    page.table(controls.looksTable(findings))
    page.prose(controls.looksReading(findings))
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings) {
    page.callout(
      .takeaway,
      """
      - Weights must differ, or all units of a layer are one unit.
      - Choose their variance so that a layer keeps the size of its input: $g^2/D_{in}$, where $D_{in}$ counts everything \
      that one unit sees. The gain $g$ is 1 for a linear layer and $\\sqrt{2}$ for a ReLU. For tanh no gain keeps both signal and gradient; we take \(findings.own?.tanhGain ?? "1").
      - Factors multiply. A factor of 0.7 does little harm in one layer; in thirty it stops SGD.\(findings.own?.lesson ?? "")
      - Look at loss, outputs and steps of a fresh net before you train it.
      """)
    page.slide(
      "Give each weight a variance of g² / inputs",
      """
      - Weights must differ, or all units of a layer are one unit.
      - The gain $g$ is 1 for a linear layer, $\\sqrt{2}$ for a ReLU.
      - A factor of 0.7 per layer does little harm in one layer and much in thirty.
      - Count every input that one unit sees.
      """)
    page.fold("Errors found in the sources") { $0.table(errata) }
    page.exercises()
    page.callout(
      .note,
      """
      **Without Swift: two things to try in the Python of this page**

      - In the lines of *The experiment* put SiLU in place of the ReLU, and find by trying the gain that keeps the size. Is it the one of the table?
      - Take the three looks at a net of your own, as PyTorch makes it and after `draw_weights`. Which of the three numbers change?
      """)
    page.furtherReading([
      "Rumelhart, Hinton and Williams 1986, *Learning internal representations by error propagation*: why the first weights must differ",
      "Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS",
      "He et al. 2015, *Delving deep into rectifiers*, arXiv:1502.01852",
      "LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*, section 4.6",
      "Cho and Saul 2009, *Kernel methods for deep learning*, section 2: what a ReLU layer does to an angle",
      "Mishkin and Matas 2016, *All you need is a good init*, arXiv:1511.06422: no formula; divide the weights of each layer by the deviation of its sums",
      "Saxe, McClelland and Ganguli 2014, *Exact solutions to the nonlinear dynamics of learning in deep linear neural networks*, arXiv:1312.6120: orthogonal first weights",
    ])
  }
}
