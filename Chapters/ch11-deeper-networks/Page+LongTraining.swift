// The page of chapter 11: the plain nets epoch by epoch, and to the end: slowness or degradation.

import Foundation
import Workbook

extension DeeperNetworks {
  /// The training errors epoch by epoch.
  static func addCurves(to page: inout Page, _ runs: PageRuns<Findings>, _ own: OwnRates?) {
    let nets = runs.reported.fair
    func chart(_ nets: DegradationFindings) -> Plot {
      .lines(
        LineChart(
          x: Axis("epoch"), y: Axis("training error (%)", log: true),
          nets.runs.prefix(4).enumerated().map { index, run in
            Series(
              run.net.name, y: run.curve.map { max(0.01, $0.mean) }, style: nets.epochs > 8 ? .line : .lineAndMarkers,
              isEmphasized: index == 1, color: [1, 4, 2, 0][index])
          }))
    }
    func title(_ nets: DegradationFindings) -> String {
      nets.gap.direction() == .above
        ? "After \(counted(nets.epochs, "epoch")) the deeper plain net makes more training errors"
        : "Training errors of four nets over \(counted(nets.epochs, "epoch"))"
    }
    let rate = own == nil ? "from \(nets.rate)" : "from the net's own value"
    page.figure(
      Figure(
        title(nets), chart(nets),
        caption: """
          Measured while training, so that it is higher than in the table. \(grouped(nets.trainingCount)) images (\(runs.reported.data)), batches of \(nets.batch), momentum 0.9; the learning rate \
          falls \(rate) to 0 as a cosine. Mean of \(counted(nets.seeds, "seed")).\(order(nets))
          """,
        name: "degradation"))
    let isWorse = nets.gap.direction() == .above
    page.project(
      isWorse && nets.cure.direction() == .above
        ? "\(nets.deepPlain.net.depth) plain layers learn more slowly than \(nets.shallowPlain.net.depth); additions help"
        : isWorse ? "The deeper plain net makes more training errors" : "Training errors, plain and with additions",
      notes: isWorse
        ? "It could have copied the shallow one, and has more mistakes on the very images it learns from." : "")
  }

  /// That the nets that learn well cannot be told apart, where that is so.
  private static func order(_ nets: DegradationFindings) -> String {
    let good = [nets.shallowPlain, nets.shallowResidual, nets.deepResidual].map(\.trainingErrors)
    let isClear = [(0, 1), (0, 2), (1, 2)].contains { Ratio(good[$0], over: good[$1]).direction != .withinChance }
    return isClear ? "" : " The order of the three better nets in the end may be chance."
  }

  /// The plain nets trained until they end: slowness or degradation.
  static func addEnd(
    to page: inout Page, _ ending: LongTraining, from start: Double, shallowBest: Double?, deepBest: Double?
  ) {
    let (shallow, deep) = (ending.shallow, ending.deep)
    page.prose(
      """
      ### Trained ten times as long

      He et al. (2016a) speak of *degradation* where more layers lead to more *training* errors. With three times as many steps their deep plain nets still stayed behind. Ours get ten times as many: \(counted(ending.epochs, "epoch")), both from the rate \
      \(short(start))\(start == deepBest && shallowBest != nil && shallowBest != start ? ", at which \(deep.net.name) learns its images best" : "").
      """)
    page.predict(
      "After \(counted(ending.epochs, "epoch")): how many of its own training images does \(deep.net.name) get wrong?",
      choices: ["more than \(shallow.net.name)", "fewer", "about as many"],
      answer: ending.gap.worded(above: 0, below: 1, withinChance: 2), endAnswer(ending))
    page.figure(
      Figure(
        endTitle(ending),
        .lines(
          LineChart(
            x: Axis("epoch"), y: Axis("training error (%)", log: true),
            zip(ending.runs, [1, 4]).map { run, color in
              // A point for every few epochs is all that a line shows.
              let places = stride(from: 0, to: run.curve.count, by: max(1, run.curve.count / 50))
              return Series(
                run.net.name, x: places.map { Double($0 + 1) }, y: places.map { max(0.01, run.curve[$0]) },
                style: .line, isEmphasized: color == 4, color: color)
            })),
        caption: """
          Measured while training; mean of \(counted(deep.trainingErrors.count, "seed")). Values below 0.01 % are drawn at \
          0.01 %.
          """, name: "ending"))
    page.project(
      ending.gap.worded(
        above: "Trained ten times as long, the deep net is still behind",
        below: "Trained ten times as long, the deep net is ahead",
        withinChance: "Trained ten times as long, both learn their images"),
      notes: "Slowness ends with patience, degradation does not.")
    page.prose(endFinding(ending))
  }

  /// The title of the long training's figure.
  static func endTitle(_ ending: LongTraining) -> String {
    ending.gap.worded(
      above: "After \(counted(ending.epochs, "epoch")), too, the deeper plain net makes more training errors",
      below: "After \(counted(ending.epochs, "epoch")) the deeper plain net makes fewer training errors",
      withinChance: "After \(counted(ending.epochs, "epoch")) both plain nets have learned their images")
  }

  /// What the long training says: whether patience is enough, on training images and on new ones.
  static func endFinding(_ ending: LongTraining) -> String {
    let (gap, test) = (ending.gap, ending.testGap)
    func size(_ gap: Summary) -> String {
      "\(fixed(abs(gap.mean), 1)) points (95 % interval \(gap.magnitude.interval()))"
    }
    let isFlawless = ending.runs.allSatisfy { $0.trainingErrors.values.allSatisfy { $0 == 0 } }
    let training = gap.worded(
      above:
        "So the deeper net is not only slow. On the images that it learns from it ends \(size(gap)) behind: that is degradation.",
      below:
        "So the deeper net was only slow. On the images that it learns from it ends \(size(gap)) ahead.",
      withinChance: isFlawless
        ? "So on these digits the deeper net is slow, not unable. But both reach 0: so few digits cannot show a lasting gap."
        : "So the deeper net is slow, not unable: on the training images the two end \(fixed(abs(gap.mean), 1)) points apart, and \(counted(gap.count, "seed")) cannot tell that from chance."
    )
    let new = test.worded(
      above: "On new images it ends \(size(test)) behind.", below: "On new images it ends \(size(test)) ahead.",
      withinChance:
        "On new images \(ending.shallow.net.name) gets \(fixed(ending.shallow.testErrors.mean, 1)) % wrong, \(ending.deep.net.name) \(fixed(ending.deep.testErrors.mean, 1)) %: no difference beyond chance (\(counted(test.count, "seed")))."
    )
    return """
      \(training) \(new)
      """
  }

  /// How the deep net goes down: when it is below a percent, beside the shallow one, and where it ends.
  static func endAnswer(_ ending: LongTraining) -> String {
    let (shallow, deep) = (ending.shallow, ending.deep)
    let isFlawless = ending.runs.allSatisfy { $0.trainingErrors.values.allSatisfy { $0 == 0 } }
    let end =
      isFlawless
      ? "in the end neither net makes a mistake on its training images."
      : "it ends with \(deep.trainingErrors.formatted(decimals: 2)) % of its training images wrong, \(shallow.net.name) with \(shallow.trainingErrors.formatted(decimals: 2)) %."
    guard let late = deep.epochs(below: 1), let early = shallow.epochs(below: 1) else {
      return capitalized(end)
    }
    return "It stays below 1 % from epoch \(late) on, \(shallow.net.name) from epoch \(early) on. And \(end)"
  }

  /// How much of the difference is slowness, where no longer training follows that tells.
  static func slowness(_ nets: DegradationFindings, isContinued: Bool) -> String {
    guard nets.isLong else {
      return "After so few steps a part of the difference may be slowness. Only longer runs can tell."
    }
    let size = "\(fixed(abs(nets.gap.mean), 1)) points"
    let (deep, shallow) = (nets.deepPlain.net.name, nets.shallowPlain.net.name)
    let gap = nets.gap.worded(
      above:
        "**On its own training images \(deep) makes \(size) more mistakes than \(shallow): this is not overfitting.**",
      below: "On its own training images \(deep) makes \(size) fewer mistakes than \(shallow).",
      withinChance: "On their own training images \(deep) and \(shallow) err alike, within chance.")
    let late =
      " In the last five epochs its error still falls by \(fixed(nets.lateGain, 1)) points: a part of the difference is slowness."
    return gap + (isContinued ? "" : late)
  }
}
