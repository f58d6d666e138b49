//! Who may do what: people, their teams, and the credentials of both.

mod address;
pub mod attempts;
mod caller;
mod device;
mod email;
mod guess;
mod identity;
mod invite;
mod joining;
mod letterforms;
mod letters;
mod link;
mod membership;
mod name;
mod own_data;
mod password;
mod person;
mod roles;
mod scope;
mod session;
mod signing_in;
mod signing_up;
mod site;
mod team;
mod token;
mod typed;
mod user;

pub use address::{ask_for_address, asked_address, confirm_address, set_address};
pub use attempts::{AttemptLimits, count_mail, count_provider};
pub use caller::Caller;
pub use device::{DEVICE_SECONDS, forget_devices, is_known_device, remember_device};
pub use email::Email;
pub use identity::{Claimed, identities_of, link_identity, sign_in_with, unlink_identity};
pub use invite::{invited_to, inviter, invites_of, revoke_invite};
pub use joining::{
    accept_invite, found_team, invite, invite_into, join, leave_team, own_team, rejoin_team,
};
pub use letterforms::{check_characters, hides_something, is_invisible};
pub use link::{Secret, find_link, new_link, spend_all};
pub use membership::{
    ensure_takes_part, enter_team, members_of, memberships_by_person, participation_of, team_of,
    teams_left_empty,
};
pub use name::{NAME_LENGTH, look, shown_name};
pub use own_data::{delete, known_about};
pub use password::Passwords;
pub use person::{accounts_of, accounts_of_all, person_with, prepare_persons};
pub use roles::{
    give_role, has_organisers, insiders, must_have_role, organisers_of, role_everywhere, role_in,
    roles_of, take_all_roles, take_role,
};
pub use scope::{Scope, Scopes};
pub use session::{SESSION_SECONDS, SessionKey, end_session, end_sessions, sessions_of};
pub use signing_in::{change_password, forgot, reset, sign_in};
pub use signing_up::{SigningUp, confirm, found, must_be_unfounded, set_up_link, sign_up};
pub use site::AccountsSite;
pub use team::{
    another_token, create, find, is_no_team_of_trials, is_of_trials, new_team, rename,
    set_anonymity, team_by_id, team_of_trials, teams_by_id,
};
pub use token::{
    Actor, Token, authenticate, new_token, revoke_all_tokens, revoke_token, tokens_of,
};
pub use typed::typed;
pub use user::{new_user, person_name, set_profile, user_by_id, user_with, users_by_id};
