//! Names that a mistyped name may have meant.

/// Most suggestions shown.
const MOST: usize = 3;

/// A help text with the candidates nearest to `word`, or with all of them where they are few.
pub(super) fn suggest<'a>(
    word: &str,
    candidates: impl Iterator<Item = &'a str> + Clone,
) -> Option<String> {
    let lower = word.to_lowercase();
    let limit = word.chars().count().div_ceil(3).max(1);
    let mut near: Vec<(usize, &str)> = candidates
        .clone()
        .map(|candidate| (distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= limit || contains(candidate, &lower))
        .collect();
    near.sort_unstable();
    if !near.is_empty() {
        let names: Vec<&str> = near.into_iter().take(MOST).map(|(_, name)| name).collect();
        return Some(format!("did you mean {}?", names.join(", ")));
    }
    let all: Vec<&str> = candidates.take(25).collect();
    (!all.is_empty() && all.len() <= 24).then(|| format!("there are: {}", all.join(", ")))
}

fn contains(candidate: &str, word: &str) -> bool {
    word.len() >= 3 && (candidate.contains(word) || word.contains(candidate))
}

/// Edit distance: insertions, deletions, substitutions, and swaps of neighbours.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    // Three rows of the table are alive at a time: the one being filled, and the two above.
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut two_above = above.clone();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (above[j] + usize::from(x != y)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(two_above[j - 1] + 1);
            }
            row[j + 1] = best;
        }
        two_above = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in
            [("", "", 0), ("a", "", 1), ("class", "calss", 1), ("abc", "abd", 1), ("ab", "cd", 2)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn near_names_first() {
        let names = ["class", "status", "region"];
        assert_eq!(suggest("clas", names.into_iter()).unwrap(), "did you mean class?");
        assert_eq!(suggest("zzz", names.into_iter()).unwrap(), "there are: class, status, region");
    }
}
