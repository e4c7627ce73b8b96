pub struct Answer;
pub fn ask() {}
