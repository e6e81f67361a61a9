# The choice of an organization, and organizations on other pages.
tenant-title = Choose an organization
tenant-heading = Which organization is { $app } for?
tenant-lead = { $app } will work in the organization that you choose. Your others stay closed to it unless you add them yourself.
tenant-filter = Find an organization
tenant-filter-none = No organization with that name.
tenant-nobody = No organization, just me
tenant-nobody-hint = { $app } sees nothing of any organization.
tenant-deny = Cancel and go back to { $app }
role-member = Member
role-admin = Administrator
obstacle-suspended = This organization is suspended. Its administrators can tell you more.
obstacle-not-approved = Your organization has not approved this app. Ask its administrators.
obstacle-blocked = Your organization has blocked this app. Ask its administrators.
