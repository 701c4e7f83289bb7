// The page of chapter 4, from its findings alone.

import Foundation
import Workbook

extension WeightInit {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    var page = page(
      lead: """
        A deep network begins as random numbers. Choose their size badly and the learning may never begin: the signal \
        fades on its way, or the gradient explodes on its way back.
        """)
    addQuestion(to: &page, findings)
    addDerivation(to: &page, findings)
    addSignals(to: &page, findings)
    addTheory(to: &page, findings)
    addGradients(to: &page, findings)
    addGains(to: &page, findings)
    addJacobians(to: &page, findings)
    addThirtyLayers(to: &page, findings)
    let wide = findings.wideTraining ?? recorded?.findings.wideTraining
    if let study = findings.depths ?? recorded?.findings.depths {
      addDepths(to: &page, study, findings, isRecorded: findings.depths == nil)
      addCosines(to: &page, findings)
      addSum(to: &page, study, findings, wide: wide)
      page.fold("This run: thirty layers of \(findings.training.width) units, loss by step") {
        addTraining(to: &$0, findings, wide: wide, isFolded: true)
      }
    } else {
      addCosines(to: &page, findings)
      askTraining(to: &page, findings)
      addTraining(to: &page, findings, wide: wide)
    }
    addConvolutions(to: &page, findings)
    page.fold("Errors found in the sources") { $0.table(errata) }
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, findings)
    return page
  }

  /// The question, and nets whose weights begin equal.
  static func addQuestion(to page: inout Page, _ findings: Findings) {
    page.slide("Every layer multiplies the spread by a constant", "What is left after thirty layers?")
    let (symmetry, seeds, errors) = (
      findings.symmetry, findings.symmetry.seeds, findings.symmetry.errors
    )
    let (runs, twinUnits) = (symmetry.runs, symmetry.twinUnits)
    let twinSpread = Double(runs[1].map(\.spread).max() ?? 0)
    page.prose(
      """
      ## The question

      A layer of sums multiplies the spread of its input by some constant, and the activation behind it takes a part of it \
      away. What is left after \(depth) layers, what after thirty, and what must the constant be?

      Before the size of the weights comes a simpler question: must they be random at all?

      ## Why not all the same?

      Suppose every weight of a network begins with the same number. All units of a layer then have the same inputs and \
      the same weights, and give the same output.
      """)
    page.predict(
      """
      A net with two hidden layers of 16 tanh units learns to tell two classes of points. All weights begin at 0.5. \
      After training, how many **different** units does its first hidden layer have?
      """,
      within: 0.01, answer: Double(twinUnits),
      """
      Equal units get equal gradients and take equal steps. The weights have moved, from 0.5 to \
      \(short(Double(runs[1][0].weights[0][0]), digits: 3)) and \(short(Double(runs[1][0].weights[0][1]), digits: 3)), but together: \
      \(twinSpread == 0 ? "no two units differ" : "no two units differ by more than \(short(twinSpread))").
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
          512 points of a square, two classes by the sign of x·y, which one unit alone cannot tell apart. Mean over \
          \(counted(seeds.count, "seed")); the title is about the second half of the epochs.
          """,
        name: "symmetry"))
    page.project("Sixteen units that begin equal are one unit")
    page.callout(
      .note,
      """
      A unit that starts like its neighbours is not dead: it learns, but it stays a copy of them. (With all weights 0 only the \
      output's bias learns.) Random weights break the tie. Biases may start at 0, because the weights have broken it already.
      """)
  }

  /// What the sources have wrong, and where it is put right.
  private static let errata = Table(
    "What S2 says, and what it is",
    columns: ["S2", "here"],
    rows: [
      [
        "Var(y) = Dᵢₙ·Var(x)·Var(w) for a sum y, after a ReLU, too",
        "$E[x^2]$ in place of Var(x): *Theory against measurement*",
      ],
      [
        "with 0.05 the gradient “is still 0” (it does not say of what)",
        "$\\partial L/\\partial x$ grows: *And backwards*",
      ],
    ])

  /// What each of the two usual gains of tanh keeps.
  private static func tanhGain(_ findings: Findings) -> String {
    let (one, fiveThirds) = (nearest(1, in: findings.gains), nearest(5.0 / 3, in: findings.gains))
    if fiveThirds.tanhGradient[0] <= 1.5 { return "5/3 for tanh" }
    let keepsAngles = findings.cosines.map { ($0.cosines[1][deep] - $0.cosines[1][0]).direction() == .withinChance }
    let angles = keepsAngles == true ? " and angles are kept on average" : ""
    let keeps =
      one.tanhGradient[0] < 1.2 ? "with 1 signal and gradient shrink slowly together\(angles); " : ""
    return
      "between 1 and 5/3 for tanh: \(keeps)with 5/3 the signal keeps its size, the gradient grows, and images are driven apart"
  }

  /// The same in a word.
  private static func shortTanhGain(_ findings: Findings) -> String {
    nearest(5.0 / 3, in: findings.gains).tanhGradient[0] <= 1.5 ? "5/3" : "between 1 and 5/3"
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings) {
    page.callout(
      .note,
      """
      **Today** most deep nets have a normalization in every layer, which puts the size of the signal right whatever the first weights are (chapter 5), and paths on \
      which the signal passes a layer by unchanged (chapter 11). He's rule remains the usual first choice. PyTorch's \
      `nn.Linear` and `nn.Conv2d`, if one says nothing, still draw uniformly within $\\pm 1/\\sqrt{D_{in}}$: a gain of $1/\\sqrt{3}$, which \
      leaves 0.58 of the size after a linear layer, 0.41 where a ReLU follows. A few layers bear that, and so does a net with \
      normalization. One can also do without a formula: send one batch through the new net and divide the weights of each layer, the \
      first layer first, by the standard deviation of its sums (LSUV, Mishkin and Matas 2016).
      """)
    page.callout(
      .takeaway,
      """
      - Weights must differ, or a layer is one unit.
      - Choose their variance so that one layer keeps the size of its input: $g^2/D_{in}$, where $D_{in}$ counts everything \
      that one unit sees. The gain $g$ is 1 for a linear layer, $\\sqrt{2}$ for a ReLU, and \(tanhGain(findings)).
      - Errors of scale multiply. A factor of 0.7 per layer is nothing in one layer and everything in thirty. The right \
      size does not keep what ReLU layers take from the difference between two images, neither with He's weights nor with one \
      factor at the end.
      - Too small and too large are both trouble, for opposite reasons (chapter 7 trains nets that begin too large); look at the \
      gradient before you say which.
      """)
    page.slide(
      "Give each weight a variance of g² / inputs",
      """
      - Weights must differ, or a layer is one unit.
      - The gain $g$ is 1 for a linear layer, $\\sqrt{2}$ for a ReLU, \(shortTanhGain(findings)) for tanh.
      - A factor of 0.7 per layer is nothing in one layer and everything in thirty.
      - Count every input that one unit sees.
      """)
    page.exercises()
    page.furtherReading([
      "Rumelhart, Hinton and Williams 1986, *Learning internal representations by error propagation*: why the first weights must differ",
      "Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS",
      "He et al. 2015, *Delving deep into rectifiers*, arXiv:1502.01852",
      "LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*, section 4.6",
      "Schoenholz, Gilmer, Ganguli and Sohl-Dickstein 2017, *Deep information propagation*, arXiv:1611.01232",
      "Mishkin and Matas 2016, *All you need is a good init*, arXiv:1511.06422",
      "Saxe, McClelland and Ganguli 2014, *Exact solutions to the nonlinear dynamics of learning in deep linear neural networks*, arXiv:1312.6120",
    ])
  }
}
