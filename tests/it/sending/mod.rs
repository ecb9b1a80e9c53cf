//! Messages: to whom, how often, by what server.

mod approval;
mod beside;
mod faults;
mod issues_and_places;
mod kills;
mod mail;
mod recipients;
mod sign_in;
mod signing;
