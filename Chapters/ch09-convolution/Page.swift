// The page of chapter 9, from its findings alone.

import Foundation
import Workbook

extension SlidingWindow {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    let isRecorded = recorded.map { $0.findings.trainingCount > findings.trainingCount } ?? false
    let (lead, race) = (
      equalSize(findings, recorded: recorded?.findings).gain, findings.race ?? recorded?.findings.race
    )
    let workWords =
      advantage(over: \.workRace, findings, recorded: recorded?.findings).map {
        $0.gain.direction() == .above ? ", and \(fixed($0.gain.mean, 1)) fewer than one that does as much work" : ""
      } ?? ", for \(fixed(findings.locality.workRatio, 1)) times the multiplications"
    var page = page(
      lead: """
        A convolution slides one small kernel over an image.\(lead.worded(
          above: " On \(grouped(race?.trainingCount ?? findings.trainingCount)) digits it makes \(fixed(lead.mean, 1)) percentage points fewer errors than a dense net with as many parameters\(workWords).",
          below: "", withinChance: "")) *Part 1*: what it computes. *Part 2*: gains and costs.
        """)
    addWindow(to: &page, findings, isRecorded: isRecorded)
    addSizes(to: &page)
    addPooling(to: &page, findings)
    addShapeWalks(to: &page, findings)
    addMistakes(to: &page)
    addWayBack(to: &page)
    addLearnedKernel(to: &page, findings)
    addMatrixProduct(to: &page, findings)
    page.callout(
      .note,
      """
      Part 1 ends here. It is enough for exercises 9.1 to 9.5; do them before you read on. **Without Swift:** \
      `np.allclose(conv2d(x, w, b, 2, 1), F.conv2d(*map(torch.tensor, (x[None], w, b)), stride=2, padding=1)[0])` must be true.
      """
    )
    page.prose("## Part 2: what that buys, and what it costs")
    addSharedWeights(to: &page, findings, recorded: recorded?.findings)
    addCost(to: &page)
    addAlexNet(to: &page, findings)
    addTakenApart(to: &page)
    addReceptiveField(to: &page)
    addFootprints(to: &page, reported(findings, recorded?.findings))
    addParts(to: &page, findings, recorded: recorded?.findings)
    addChoosing(to: &page, telling: recorded?.findings ?? findings)
    page.fold("Errors found in the sources") {
      $0.prose(
        """
        S1 (slides of a study group) lists AlexNet as \(listOfS1): two ways of counting are mixed, the 4 occurs twice, which \
        makes \(census(of: listOfS1).convolutions) convolutions. There are \(findings.alexNet.census.convolutions).

        S1 also says that LeNet-5 is named after its \(lenetCounts().count { $0.parameters > 0 }) layers with weights. The series \
        LeNet-1, LeNet-4, LeNet-5 suggests a version number.
        """)
    }
    // Claims and figures tell of one run, the larger one.
    page.reportsRecord = isRecorded
    claims(findings, recorded: page.reportsRecord ? nil : recorded?.findings).forEach { page.claim($0) }
    addEnding(to: &page, findings, recorded: recorded?.findings)
    return page
  }

  /// The findings that figures and sentences tell of: the recorded ones, where they are of more digits.
  static func reported(_ findings: Findings, _ recorded: Findings?) -> Findings {
    recorded.flatMap { $0.trainingCount > findings.trainingCount ? $0 : nil } ?? findings
  }

  /// What a convolutional net takes off the error of a dense one of its size: each at its own rate, where that was measured.
  static func equalSize(_ findings: Findings, recorded: Findings?) -> Comparison {
    (findings.race ?? recorded?.race)?.advantage ?? findings.advantage
  }

  /// The same against another dense net, where that was measured: one that is as deep, or does as much work.
  static func advantage(
    over rival: KeyPath<Findings, SeparatedNet?>, _ findings: Findings, recorded: Findings?
  ) -> Comparison? {
    guard let race = findings.race ?? recorded?.race,
      let net = findings[keyPath: rival] ?? recorded?[keyPath: rival]
    else { return nil }
    return Comparison(from: net.ordered, to: race.convolutional.ordered)
  }
  /// Whether it is more than chance.
  static func leads(
    over rival: KeyPath<Findings, SeparatedNet?>, _ findings: Findings, _ recorded: Findings?
  ) -> Bool { advantage(over: rival, findings, recorded: recorded)?.gain.direction() == .above }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    let gain = equalSize(findings, recorded: recorded).gain
    let (told, race) = (recorded ?? findings, findings.race ?? recorded?.race)
    let images = race?.trainingCount ?? findings.trainingCount
    let races = told.anywhere
    let pays = gain.worded(
      above:
        ": on \(grouped(images)) digits it makes fewer errors than a dense net with as many parameters\(leads(over: \.workRace, findings, recorded) ? ", or one that does as much work" : ", for more work")",
      below: "", withinChance: "")
    let isScale = told.gainOfScale?.direction() == .above && told.gainOverConstant?.direction() != .above
    page.callout(
      .takeaway,
      """
      - A convolution is a dense layer that looks only at neighbours, and uses the same weights everywhere. Use it where \
      neighbours belong together\(pays).
      \(races?.first?.takeaway(with: races?.dropFirst().first) ?? "")\
      - Work out the shapes first: $\\lfloor (H + 2p - k)/s \\rfloor + 1$ at every window, $C \\cdot H \\cdot W$ at the first dense \
      layer.
      \(isScale ? "- See to a net's scale before you compare its parts: in our small LeNet with He's weights a constant did as much as LRN\(told.bestPooling == nil ? "" : ", and the better pooling changed with the scale").\n" : "")
      """)
    page.slide(
      "Look at neighbours, look everywhere the same way",
      """
      - A convolution is a dense layer that looks only at neighbours, and uses the same weights everywhere.
      \(gain.direction() == .above ? "- As many parameters, \(grouped(images)) digits: \(fixed(gain.mean, 1)) points fewer errors than a dense net.\n" : "")\
      - Shapes first: $\\lfloor (H + 2p - k)/s \\rfloor + 1$ at every window.
      """)
    page.exercises()
    page.furtherReading([
      "LeCun, Bottou, Bengio and Haffner 1998, *Gradient-based learning applied to document recognition*, doi:10.1109/5.726791",
      "Scherer, Müller and Behnke 2010, *Evaluation of pooling operations*, doi:10.1007/978-3-642-15825-4_10",
      "Dumoulin and Visin 2016, *A guide to convolution arithmetic for deep learning*, arXiv:1603.07285",
      "Luo et al. 2016, *Understanding the effective receptive field in deep convolutional neural networks*, arXiv:1701.04128",
      "Zhang 2019, *Making convolutional networks shift-invariant again*, arXiv:1904.11486",
      "Howard et al. 2017, *MobileNets*, arXiv:1704.04861",
      "Araujo, Norris and Sim 2019, *Computing receptive fields of convolutional neural networks*, doi:10.23915/distill.00021",
    ])
  }
}
