// The page of chapter 11: the families, a photograph, and the challenge.

import Foundation
import Workbook

extension DeeperNetworks {
  /// The families, built from their tables.
  static func addFamilies(to page: inout Page, _ findings: Findings) {
    let (families, exact) = (findings.families, findings.exactFamilies)
    let (alexNet, vgg19, resnet152) = (families[1], findings.family("VGG-19"), findings.family("ResNet-152"))
    page.prose(
      """
      ## The families

      AlexNet begins with wide windows and a stride, and ends in three large dense layers. VGG has 3×3 windows only, two to four \
      in a row. Two of them see 5×5 pixels, as one window of 5×5 does, with \(2 * 3 * 3) weights for each pair of channels in place of \
      \(5 * 5), and one more ReLU. ResNet has blocks with additions, and one dense layer. Each is a short table, and a loop makes \
      the network from it.
      """)
    page.figure(
      Figure(
        resnet152.multiplyAdds < vgg19.multiplyAdds
          ? "ResNet-152 is \(short(Double(resnet152.depth) / Double(vgg19.depth))) times as deep as VGG-19, with \(percent(Double(resnet152.multiplyAdds) / Double(vgg19.multiplyAdds))) of its multiply-adds and \(percent(Double(resnet152.parameters) / Double(vgg19.parameters))) of its parameters"
          : "ResNet-152 costs more than VGG-19",
        .lines(
          LineChart(
            x: Axis("multiply-adds for one image (billions)", log: true), y: Axis("parameters (millions)", log: true),
            ["AlexNet", "VGG", "ResNet"].enumerated().map { index, name in
              let members = families.filter { $0.name.hasPrefix(name) }
              return Series(
                name, x: members.map { Double($0.multiplyAdds) / 1e9 }, y: members.map { Double($0.parameters) / 1e6 },
                color: index)
            })),
        caption: "AlexNet in two forms, VGG-11 to 19, ResNet-18 to 152 from left to right.", name: "families"))
    page.fold("The networks in detail: eleven of them, and three stage by stage") { page in
      page.table(
        Table(
          "Built and counted", columns: ["network", "table", "parameters", "multiply-adds"],
          rows: families.map {
            [TableCell($0.name), TableCell($0.table), TableCell($0.parameters), TableCell(giga($0.multiplyAdds))]
          }))
      page.prose(
        """
        \(exact == families.count ? "All \(exact)" : "\(exact) of \(families.count)") have the number of parameters that is \
        published, or that follows from S3's table. A count is not identity; `./workbook conformance` compares outputs with \
        PyTorch's. The table of AlexNet lists its channels, those of VGG the convolutions of each stage, those of ResNet the \
        blocks: two 3×3 convolutions up to ResNet-34, bottlenecks from ResNet-50 on. S3's NORM1 and NORM2 are local response \
        normalizations; AlexNet's two dense layers drop half of their units in training. Names like `features.6` are those of \
        PyTorch's weights.
        """)
      page.code("layers", in: "Sources/NeuralNetworks/Models/ResNet.swift")
      for family in [alexNet, findings.family("VGG-16"), findings.family("ResNet-50")] {
        page.table(
          Table(
            "\(family.name), stage by stage",
            columns: ["from", "layers", "output", "parameters", "multiply-adds"],
            rows: family.stages.map {
              [
                TableCell($0.name), TableCell($0.layers), TableCell("\(Shape($0.output))"), TableCell($0.parameters),
                TableCell($0.multiplyAdds == 0 ? "–" : giga($0.multiplyAdds)),
              ]
            }))
      }
    }
    page.prose(
      """
      **Before ResNet**, beside VGG: NiN (2013) put 1×1 convolutions between the others and a global mean at the end; GoogLeNet \
      (2014) computes 1×1, 3×3 and 5×5 beside each other.

      **After it**, each with one idea:

      - *Pre-activation* (He et al. 2016): norm and ReLU in front of the convolutions, nothing on the sum.
      - *DCGAN* (2016): convolutions backwards, to draw pictures.
      - *DenseNet* (2017): every map goes to all later layers, side by side in place of summed.
      - *MobileNet* (2017): a 3×3 within each channel, a 1×1 across them, far fewer multiply-adds.
      - *SENet* (2018): each block weighs its channels.
      - *EfficientNet* (2019): depth, width and picture size grow together.
      - *Vision transformer* (2021): patches as words. Its block is residual, too, with layer normalization in front of the branch and GELU for ReLU.
      - *ConvNeXt* (2022): a ResNet with a transformer's habits, and as good.
      """)
  }

  /// The reader's photograph, or how to give one.
  static func addPhotograph(to page: inout Page, _ photograph: Photograph?) {
    if let photograph {
      page.figure(
        Figure(
          "\(photograph.title): \(photograph.answers[0].name), \(percent(photograph.answers[0].probability))",
          .images(ImageGrid(columns: 1, [photograph.picture])), caption: "The picture given with --image.",
          name: "photograph"))
      page.table(
        Table(
          "The five best classes", columns: ["class", .init("probability (%)", digits: 2)],
          rows: photograph.answers.map { [TableCell($0.name), TableCell(100 * $0.probability)] }))
      page.fold("How it was done") { $0.code("photograph", in: "Photograph.swift") }
    } else {
      page.fold("Published weights, and a photograph of yours") {
        $0.prose(
          """
          The weights of all of them but S3's AlexNet are published for PyTorch. Saved as a safetensors file they fit the \
          networks built here, name for name; this chapter then classifies a photograph of yours:

          ```text
          swift run ch11-deeper-networks --model resnet50 --weights FILE \\
            --image PHOTO.png --labels NAMES.txt
          ```

          `./workbook predict` does the same without the page.
          """)
        $0.code("photograph", in: "Photograph.swift")
      }
    }
  }

  /// The challenge that decided it.
  static func addChallenge(to page: inout Page) {
    let winners = Winner.all
    page.prose(
      """
      ## The challenge that decided it

      From 2010 on the ImageNet challenge (ILSVRC) asked for the class of a photograph out of 1000, five guesses allowed. In \
      2012 AlexNet had \(fixed(winners[2].error, 1)) % errors; the second had \(fixed(Winner.secondOf2012, 1)) %, with features \
      made by hand. In 2015 ResNet had \(fixed(winners[5].error, 2)) %, with up to 152 layers. (The winners are averages of \
      several networks.)
      """)
    page.figure(
      Figure(
        "From \(fixed(winners[1].error, 1)) to \(fixed(winners[5].error, 2)) % in four years, and from hand-made features to \(winners[5].depth ?? 0) layers",
        .bars(
          BarChart(
            categories: winners.map { "\($0.year) \($0.name)" }, y: Axis("top-5 error (%)"),
            [.init("winner", winners.map(\.error), color: 0)])),
        caption: """
          Published numbers, not measured here: Russakovsky et al. 2015 (2012 and 2013 with outside data), He et al. 2016, \
          Hu et al. 2018; 2016 was won by an ensemble of earlier networks. Layers with weights: \(winners.compactMap { w in w.depth.map { "\(w.name) \($0)" } }.joined(separator: ", ")).
          """,
        name: "ilsvrc", isWide: true))
    page.project("ImageNet errors: from 26 to 3.6 % in four years")
  }
}
