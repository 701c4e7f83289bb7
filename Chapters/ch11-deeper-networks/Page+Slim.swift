// The page of chapter 11: the families in small, trained side by side, and one picture on its way through.

import Foundation
import Workbook

extension DeeperNetworks {
  /// AlexNet, VGG and ResNet in small.
  static func addSlim(to page: inout Page, _ runs: PageRuns<Findings>) {
    // Photographs are this run's where the record had digits.
    let showsBoth =
      runs.isRecorded && (runs.live.slim.data != "CIFAR-10" || runs.reported.slim.data == "CIFAR-10")
    let slim = showsBoth ? runs.reported.slim : runs.live.slim
    let ends = [slim.ranking[0], slim.ranking[slim.ranking.count - 1]].map { fixed($0.finalTest.mean, 1) }
    page.prose(
      """
      **Three small nets of these families, trained**

      These three nets have the features of their families but only one to three million multiply-adds, and they train in \
      seconds: nets to start from. They end at \(ends[0]) to \(ends[1]) % errors on \(slim.data). Do not read this as a race between \
      the families: only the ResNet has batch normalization, and only the others have dropout. \
      \(slim.data == "CIFAR-10" ? "" : "After `./workbook data cifar-10`, `--data cifar-10` has the three learn photographs instead.")
      """)
    page.prose("\(slim.runs.map { "- **\($0.net.rawValue)**: \($0.net.features)" }.joined(separator: ";\n")).")
    page.figure(
      Figure(
        "Three families in small: \(ends[0]) to \(ends[1]) % errors on \(slim.data) after \(counted(slim.epochs, "epoch"))",
        .lines(
          LineChart(
            x: Axis("epoch"), y: Axis("test error (%)", log: true),
            slim.runs.map { run in
              Series(
                run.net.rawValue, y: run.curve.map(\.mean), color: run.net.color)
            })),
        caption: """
          \(grouped(slim.trainingCount)) images, \(grouped(slim.testCount)) test images (\(slim.data)), mean of \
          \(counted(slim.seeds, "seed")); momentum 0.9, the rate falls as a cosine\(ratesFinding(slim)).
          """,
        name: "slim"))
    page.table(
      Table(
        "\(slim.data), after \(counted(slim.epochs, "epoch")) of \(grouped(slim.trainingCount)) images: errors (%)",
        columns: [
          "net", "parameters", "multiply-adds", .init("while training", digits: 1),
          .init("same images after it", digits: 1), .init("test", digits: 1),
        ],
        rows: slim.runs.map { run in
          [
            TableCell("\(run.net.rawValue), \(run.depth) layers"), TableCell(run.parameters),
            TableCell("\(fixed(Double(run.multiplyAdds) / 1e6, 2)) M"), .measured(run.whileTraining),
            .measured(run.finalTraining), .measured(run.finalTest),
          ]
        }))
    page.prose(dropoutFinding(slim))
    page.code("slimNets", in: "SlimNets.swift")
  }

  /// Where the rates of the nets begin.
  static func ratesFinding(_ slim: SlimFindings) -> String {
    guard slim.rates.count > 1, let first = slim.rates.first, let last = slim.rates.last else {
      return " from \(slim.rates.first ?? 0)"
    }
    return """
       from each net's own best of \(slim.rates.count) from \(first) to \(last), chosen on images set aside: \
      \(slim.runs.map { "\($0.net.rawValue) \($0.rate)" }.joined(separator: ", "))
      """
  }

  /// Why errors while training may be larger than after it.
  static func dropoutFinding(_ slim: SlimFindings) -> String {
    let larger = slim.runs.filter { isClear($0.whileTraining - $0.finalTraining, beyond: 0) }
      .filter { $0.whileTraining.mean > $0.finalTraining.mean }
    guard !larger.isEmpty else { return "" }
    let names = larger.map(\.net.rawValue)
    let list = names.count == 1 ? names[0] : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
    let dropped = larger.contains { $0.net != .resNet }
    return """
      \(list) err\(larger.count == 1 ? "s" : "") more while training than on the same images afterwards. While an epoch runs, the weights \
      still improve.\(dropped ? " And dropout leaves out half of the hidden units, which only AlexNet and VGG have." : "")
      """
  }

  /// One picture.
  static func addWalk(to page: inout Page, _ slim: SlimFindings) {
    let walk = slim.walk
    let names = Dataset.classNames(of: slim.data)
    let isRight = walk.answer == walk.truth
    let answer = isRight ? "the \(names[walk.truth])" : "“\(names[walk.answer])”"
    func sure(_ probability: Double) -> String { percent(max(0, probability)) }
    page.prose(
      """
      **Where does the small ResNet look?**

      Cover a piece of the picture and see how sure the net remains. The whiter a place in the middle picture, the more it matters \
      (the square that costs most is framed on the left). The picture on the right shows the *saliency*, the slope in each pixel. It \
      answers another question: what does a small change of that pixel do? Neighbouring pixels often pull in opposite directions, and \
      bright spots may lie where the digit has no ink, so it looks like noise. One should not read an explanation into it.
      """)
    page.figure(
      Figure(
        // Where the square lies, and whether it does much, is another net's another time.
        "The grey square that costs most leaves the net \(sure(walk.probability - walk.largestFall)) sure of \(answer), instead of \(sure(walk.probability))",
        .images(
          ImageGrid(
            columns: 3,
            [
              walk.framed.picture("a \(names[walk.truth])"),
              walk.occlusion.picture("occlusion"),
              walk.saliency.picture("saliency"),
            ])),
        caption: """
          The first test image (\(slim.data)\(slim.data == "CIFAR-10" ? ", the mean of its colours" : "")) and the ResNet of \
          this run. \(isRight ? "" : "The answer is wrong. ")Occlusion (Zeiler and Fergus 2014): white where a 7×7 square of the \
          mean grey costs the answer most of its probability. Saliency: |∂ logit/∂ pixel|, what happens if a pixel changes a \
          little; one backward pass.
          """, name: "occlusion"))
    page.code("saliency", in: "Picture.swift")
  }
}
