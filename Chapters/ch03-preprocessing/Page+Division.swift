// The page of chapter 3: dividing by the standard deviation.

import Foundation
import Workbook

extension Preprocessings {
  /// What dividing adds to subtracting, in every net, and why it can raise a training loss.
  static func addDivision(
    to page: inout Page, _ findings: Findings, _ full: Findings?, _ photographs: PhotographFindings?
  ) {
    page.prose(
      """
      ## And the standard deviation?

      Columns of a table may have different units, such as age in years and income in dollars. Then the column with the larger numbers \
      limits the learning rate, and each must be divided by its standard deviation. All pixels have the same unit. A lecture slide of \
      CS231n (2019) says “center only”; its notes call dividing common, but not strictly necessary. Yet \
      `transforms.Normalize((0.1307,), (0.3081,))`, the line for MNIST in most tutorials, subtracts the channel mean *and* divides. Does \
      it help?
      """)
    page.fold("Two features on two scales") { addScales(to: &$0) }
    addRule(to: &page, findings, full, photographs)
    let words = sameAs(findings, full)
    if !words.isEmpty { page.prose(words) }
    let why = reason(findings, full)
    guard !words.isEmpty || !why.isEmpty else { return }
    page.fold("What dividing changes, in two parts") {
      if !words.isEmpty { $0.prose(squared) }
      if !why.isEmpty { $0.prose(why) }
      addParts(to: &$0, findings, full)
    }
  }

  /// Why the rate of the first layer changes with the square.
  private static let squared = """
    Why squared? $w \\cdot x/\\sigma = w' \\cdot x$ with $w' = w/\\sigma$, so $w'$ starts $1/\\sigma$ times as large. A step of plain descent moves \
    $w$ in proportion to its input, $x/\\sigma$, and so $w'$ in proportion to $x/\\sigma^2$. A step of Adam does not grow with the gradient: \
    it moves $w'$ in proportion to $1/\\sigma$.
    """

  /// Dividing, as two changes to the net on undivided pixels.
  private static func sameAs(_ findings: Findings, _ full: Findings?) -> String {
    guard let parts = findings.division ?? full?.division else { return "" }
    let (factor, square) = (short(parts.factor), short(parts.factor * parts.factor))
    return """
      **Why can dividing help and harm? It is the same as a first layer that starts and learns differently**: on digits \
      (σ = \(short(findings.digits.pixelDeviation))) one that starts \(factor) times as large and learns \(square) times as fast. A larger start can \
      help, since Xavier and He assume inputs of mean square 1 (chapter 4). But all layers share one rate, and if the first must not \
      learn too fast, the others learn too slowly. On photographs the cost may come from this alone; we have not taken the two apart there.
      """
  }

  /// Whether dividing saved errors in one of the nets.
  private static func divisionSaves(_ findings: Findings, _ photographs: PhotographFindings?) -> Bool {
    findings.divisions(photographs).contains { $0.direction() == .below }
  }

  /// The advice on dividing, in a few words and without a full stop.
  static func divisionRule(_ findings: Findings, _ photographs: PhotographFindings?) -> String {
    return divisionSaves(findings, photographs)
      ? "Try whether dividing by their standard deviation helps"
      : "Divide by their standard deviation only where a recipe or trained weights do"
  }

  /// The recommendation, in the same words in the recipe and in the takeaway.
  static func divisionAdvice(
    _ findings: Findings, _ photographs: PhotographFindings?, isShort: Bool = false
  ) -> String {
    if let found = headline(findings, photographs) {
      let behindNorm = divisionBehindNorm(photographs)
      let (mean, division) = (found.mean, found.division)
      let saved = mean.worded(
        above: "cost \(fixed(mean.mean, 1)) points of error", below: "saved \(fixed(-mean.mean, 1)) points of error",
        withinChance: "changed nothing beyond chance")
      let divided = division.worded(
        above: "cost \(fixed(division.mean, 1))", below: "saved \(fixed(-division.mean, 1)) more",
        withinChance: "changed nothing beyond chance")
      let own = division.direction() == .below ? "try both" : "subtract only"
      let photographs =
        isShort
        ? "On photographs it \(saved) (without batch norm, in a short training)."
        : """
        On photographs it \(saved), and dividing by the standard deviation as well \(divided) (without batch norm, in a short training; \
        all trainings stand in *And the standard deviation?*).
        """
      let recipe = isShort ? "" : ", as in some later chapters: the rate was chosen with it"
      return """
        **Subtract the channel mean, and choose the learning rate after that.** \(photographs) **Divide where a recipe or trained weights \
        do**\(recipe). \(behindNorm.map { "\($0) **Without it, in" } ?? "**In") a net of your own without a recipe, \(own).**
        """
    }
    let rule =
      divisionSaves(findings, photographs)
      ? "Dividing by the standard deviation saved errors in some of our nets: try it.**"
      : "Divide by the standard deviation only where a recipe or trained weights that you take over do so**: their learning rate was chosen with the division."
    return "**Subtract the channel mean. \(rule) If you add or drop the division, choose the rate anew."
  }

  /// Why dividing raises the training loss of the dense net; empty where it does not.
  private static func reason(_ findings: Findings, _ full: Findings?) -> String {
    let net = findings.learning
    guard net.methods.contains(.channelMean) else { return "" }
    let (divided, whole) = (net.best(.channelStandard).loss, net.best(.channelMean).loss)
    guard (divided - whole).direction() == .above else { return "" }
    let rise = "It raised the training loss of the dense net from \(fixed(whole.mean, 2)) to \(fixed(divided.mean, 2))"
    guard let parts = findings.division ?? full?.division else { return "\(rise); we cannot explain that." }
    let (byStart, byRate) = (parts.weights.loss - whole, parts.rate.loss - whole)
    func alone(_ part: Summary, _ loss: Summary) -> String {
      part.worded(
        above: "raises the loss to \(fixed(loss.mean, 2))", below: "lowers the loss to \(fixed(loss.mean, 2))",
        withinChance: "changes it by nothing beyond chance (\(fixed(loss.mean, 2)))")
    }
    let found =
      byRate.direction() == .above && byStart.direction() != .above
      ? " **So the loss rises because one learning rate must serve all layers.**\(sharedRate(net, parts.factor * parts.factor))"
      : ""
    return """
      \(rise). The larger rate alone \(alone(byRate, parts.rate.loss)), the larger start alone \(alone(byStart, parts.weights.loss)).\(found) \
      The test errors do not follow the loss.
      """
  }

  /// Both parts of dividing, and each alone, in losses and errors.
  private static func addParts(to page: inout Page, _ findings: Findings, _ full: Findings?) {
    let net = findings.learning
    guard let parts = findings.division ?? full?.division, net.methods.contains(.channelMean),
      net.methods.contains(.channelStandard)
    else { return }
    let rows: [(String, Summary, Summary)] = [
      ("neither: channel mean", net.best(.channelMean).loss, net.best(.channelMean).error),
      ("larger rate alone", parts.rate.loss, parts.rate.error),
      ("larger start alone", parts.weights.loss, parts.weights.error),
      ("both: channel std", net.best(.channelStandard).loss, net.best(.channelStandard).error),
    ]
    page.table(
      Table(
        "The two parts of dividing in the dense net on digits (rates a factor of 3 apart)",
        columns: ["first layer", .init("training loss", digits: 3), .init("test error (%)", digits: 1)],
        rows: rows.map { [TableCell($0.0), .measured($0.1), .measured($0.2)] }))
  }

  /// What the division leaves to the layers behind the first, where the best rate falls as far as the first layer's rate is raised.
  private static func sharedRate(_ net: LearningExperiment, _ raised: Double) -> String {
    let (whole, divided) = (net.rates[net.bestRate(.channelMean)], net.rates[net.bestRate(.channelStandard)])
    let fall = Double(whole / divided)
    guard fall > raised / 2, fall < 2 * raised else { return "" }
    return """
       The best rate fell from \(short(Double(whole))) to \(short(Double(divided))): the first layer then learns about as fast as before, and \
      the others \(short(fall)) times as slowly.
      """
  }

  /// Features of unequal scale.
  private static func addScales(to page: inout Page) {
    let uneven = TwoScales(scale: 10), even = TwoScales(scale: 1)
    page.figure(
      Figure(
        "A feature ten times as large costs \(uneven.steps) steps instead of \(even.steps)",
        exploring: FigureParameter("scale of the second feature", values: [1, 2, 4, 10], initial: 2),
        name: "scales",
        titles: { scale in
          let bowl = TwoScales(scale: scale)
          return scale == 1
            ? "On one scale the first step ends the descent"
            : "A feature \(short(scale)) times as large makes a zigzag: \(bowl.steps) steps"
        },
        captions: { scale in
          """
          The loss over the weights of two independent features, with gradient descent from (0, 0) at the best rate. The two \
          curvatures are 1 and \(fixed(TwoScales(scale: scale).condition, 0)).
          """
        }
      ) { scale in
        let bowl = TwoScales(scale: scale)
        return .contour(
          ContourPlot(
            x: Axis("weight of the first feature", range: TwoScales.plane),
            y: Axis("weight of the second feature", range: TwoScales.plane),
            heights: landscape(TwoScales.plane, TwoScales.plane) { bowl.loss($0, $1) },
            levels: [0.01, 0.05, 0.2, 0.5, 1, 3, 10, 30],
            paths: [
              Series("descent", x: bowl.path.x, y: bowl.path.y, style: .line, isEmphasized: true, color: 1)
            ],
            hasEqualScales: true))
      })
  }
}
