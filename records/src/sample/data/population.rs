//! Ages and ethnicities of the population.

/// Years of an age group.
pub(in crate::sample) const AGE_GROUP: u32 = 5;

/// People by age group, from 0 to 4 years upwards, in millions (roughly the census of 2020).
pub(in crate::sample) const AGES: [u32; 20] =
    [78, 90, 85, 73, 75, 92, 124, 99, 93, 114, 121, 101, 73, 74, 50, 31, 20, 11, 4, 1];

/// Numeric codes of GB/T 3304 for the larger ethnicities, per ten thousand people.
pub(in crate::sample) const ETHNICITIES: &[(&str, u32)] = &[
    ("01", 9111),
    ("08", 139),
    (UYGUR, 84),
    ("03", 81),
    ("06", 79),
    ("11", 74),
    ("07", 70),
    ("15", 68),
    ("04", 50),
    ("02", 45),
    ("09", 25),
    ("12", 25),
    ("13", 23),
    ("14", 15),
    ("16", 12),
    ("10", 12),
    (KAZAK, 11),
    ("19", 11),
    ("18", 9),
    ("20", 5),
];

pub(in crate::sample) const UYGUR: &str = "05";
pub(in crate::sample) const KAZAK: &str = "17";
