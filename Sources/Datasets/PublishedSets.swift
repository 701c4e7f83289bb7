// The data sets that can be fetched: their files, their sources, and the names of their classes.

import Basics
import Foundation

/// A published data set.
package struct PublishedSet: Sendable {
  /// Its name in commands, and the name of its folder: `fashion-mnist`.
  package let name: String
  /// Its name on pages.
  package let title: String
  /// A description of its contents.
  package let contents: String
  /// The size of the download in megabytes.
  package let megabytes: Int
  /// Its files.
  package let files: [PublishedFile]
  /// The archive that contains the files, if they are not available separately.
  package var archive: PublishedFile?
  /// The addresses of the sources, in the order in which they are tried.
  package let mirrors: [String]
  /// The names of its classes, in the order of their numbers.
  package var classNames = Dataset.digitNames

  /// All known data sets.
  package static let all = [mnist, fashionMNIST, cifar10]

  /// The folder for the downloaded files: a folder with the set's name in the user's cache folder.
  package func cacheFolder(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
    let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? NSHomeDirectory()) + "/.cache"
    return cache + "/convnet-workbook/" + name
  }

  /// The folder that a user means by `place`: this path itself, or the folder of the downloaded set with this name.
  package static func folder(_ place: String) -> String {
    guard !FileManager.default.fileExists(atPath: place),
      let fetched = all.first(where: { $0.name == place })?.cacheFolder(),
      FileManager.default.fileExists(atPath: fetched)
    else { return place }
    return fetched
  }

  /// The title of the known set whose test set has these labels; otherwise the name of `folder`.
  package static func title(of folder: String, testLabels: [UInt8]) -> String {
    let header: [UInt8] = [0, 0, 8, 1] + (0..<4).map { UInt8(truncatingIfNeeded: testLabels.count >> (24 - 8 * $0)) }
    let digest = SHA256.hexadecimal(header + testLabels)
    return all.first { $0.files.contains { $0.digest == digest } }?.title
      ?? URL(fileURLWithPath: folder).lastPathComponent.onOneLine
  }

  package static let mnist = PublishedSet(
    name: "mnist", title: "MNIST", contents: "60,000 digits for training and 10,000 for testing", megabytes: 11,
    files: [
      PublishedFile(
        name: MNIST.files[0], size: 47_040_016,
        digest: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
      PublishedFile(
        name: MNIST.files[1], size: 60_008, digest: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
      PublishedFile(
        name: MNIST.files[2], size: 7_840_016,
        digest: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
      PublishedFile(
        name: MNIST.files[3], size: 10_008, digest: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ],
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist",
      "https://storage.googleapis.com/cvdf-datasets/mnist",
      "https://raw.githubusercontent.com/fgnt/mnist/master",
    ])

  /// Ten kinds of clothing, in files with MNIST's names and sizes.
  ///
  /// - Source: Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747.
  package static let fashionMNIST = PublishedSet(
    name: "fashion-mnist", title: "Fashion-MNIST",
    contents: "60,000 images of clothing for training and 10,000 for testing", megabytes: 31,
    files: [
      PublishedFile(
        name: MNIST.files[0], size: 47_040_016,
        digest: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", isOfCompressed: true),
      PublishedFile(
        name: MNIST.files[1], size: 60_008, digest: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
      PublishedFile(
        name: MNIST.files[2], size: 7_840_016,
        digest: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", isOfCompressed: true),
      PublishedFile(
        name: MNIST.files[3], size: 10_008, digest: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
    ],
    mirrors: [
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
      "https://storage.googleapis.com/tensorflow/tf-keras-datasets",
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
    ],
    classNames: [
      "T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
    ])

  package static let cifar10 = PublishedSet(
    name: "cifar-10", title: "CIFAR-10",
    contents: "50,000 photographs for training and 10,000 for testing", megabytes: 170,
    files: zip(
      CIFAR10.trainingFiles + [CIFAR10.testFile],
      [
        "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
        "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
        "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
        "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
        "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
        "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
      ]
    ).map { PublishedFile(name: $0, size: 30_730_000, digest: $1) },
    archive: PublishedFile(
      name: "cifar-10-binary.tar", size: 170_052_171,
      digest: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", isOfCompressed: true),
    mirrors: [
      "https://www.cs.toronto.edu/~kriz",
      "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10",
    ],
    classNames: CIFAR10.classNames)
}

extension Dataset {
  static let digitNames = (0...9).map(String.init)

  /// The names of the classes of the set with the given title; those of digits if the set is not known.
  public static func classNames(of title: String) -> [String] {
    PublishedSet.all.first { $0.title == title }?.classNames ?? digitNames
  }
}
