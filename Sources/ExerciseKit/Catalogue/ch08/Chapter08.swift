// The exercises of chapter 8, in order.

extension Catalogue {
  package static let chapter08: [any AnyExercise] = [ex08_1, ex08_2, ex08_3, ex08_4]
}
